import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Contender } from './contenders.ts'
import type { Faults } from './load/client.ts'
import type { Orders } from './load/worker.ts'
import { Child, freePort } from './processes.ts'
import type { Reading } from './servers/probe.ts'

const PROBE = new URL('./servers/probe.ts', import.meta.url).href
const WORKER = fileURLToPath(new URL('./load/worker.ts', import.meta.url))
const SERVER_CORE = 0
const LOAD_CORE = 1
const START_MS = 20_000

/** One contender's server with its own data folder, and the load that is aimed at it. */
export class Arena implements AsyncDisposable {
  readonly #contender: Contender
  readonly #folder: string
  readonly #port: number
  readonly #load: Child
  #server: Child
  readonly #removeFolder = () => rmSync(this.#folder, { recursive: true, force: true })

  constructor(contender: Contender, folder: string, port: number) {
    this.#contender = contender
    this.#folder = folder
    this.#port = port
    this.#load = new Child(LOAD_CORE, ['--max-semi-space-size=32', WORKER], {})
    this.#server = this.#startServer()
    process.on('exit', this.#removeFolder)
  }

  /** Waits for the server, and tells the load where it is. */
  async ready(): Promise<void> {
    await listening(this.#port, this.#server)
    const { dialect, credentials } = this.#contender
    await this.order('aim', { port: this.#port, dialect, credentials })
  }

  /** Ends the server and starts it again on the same data, as a fresh process. Nobody may be connected. */
  async restartServer(): Promise<void> {
    await this.#server[Symbol.asyncDispose]()
    this.#server = this.#startServer()
    await listening(this.#port, this.#server)
  }

  async order<Name extends keyof Orders>(
    name: Name,
    value?: Parameters<Orders[Name]>[0],
  ): Promise<ReturnType<Orders[Name]>> {
    const reply = (await this.#load.ask({ name, value })) as {
      answer: ReturnType<Orders[Name]>
      error?: string
    }
    if (reply.error === undefined) return reply.answer
    throw new Error(
      `${this.#contender.title}, ${name}: ${reply.error}\n${this.#load.output}${this.#server.output}`,
    )
  }

  /** What the server process uses now; `collect` has it collect its garbage before. */
  async read(how: 'read' | 'collect' = 'read'): Promise<Reading> {
    const reply = (await this.#server.ask(`bench:${how}`)) as { bench: Reading }
    return reply.bench
  }

  /** Disconnects the load, ends the server, and compares what it stored with what it acknowledged. */
  async close(): Promise<Faults> {
    const { faults, acknowledged } = await this.order('finish')
    if (this.#load.output !== '') process.stderr.write(`${this.#load.output}${this.#server.output}`)
    await this.#server[Symbol.asyncDispose]()
    const stored = this.#contender.stored(this.#folder)
    if (stored === null) return faults
    for (const [chatId, count] of acknowledged) {
      const kept = stored.get(chatId) ?? 0
      if (Number.isNaN(kept)) faults.outOfOrder++
      else if (kept < count) faults.lost += count - kept
      else if (kept > count) faults.doubled += kept - count
    }
    return faults
  }

  #startServer(): Child {
    const args = ['--import', PROBE, ...this.#contender.args()]
    return new Child(SERVER_CORE, args, this.#contender.env(this.#port, this.#folder))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#load[Symbol.asyncDispose]()
    await this.#server[Symbol.asyncDispose]()
    process.off('exit', this.#removeFolder)
    this.#removeFolder()
  }
}

/** Starts a contender on an empty data folder and a load process, each on its own core. */
export async function openArena(contender: Contender): Promise<Arena> {
  const folder = await mkdtemp(join(tmpdir(), 'deskbell-bench-'))
  const arena = new Arena(contender, folder, await freePort())
  try {
    await arena.ready()
    return arena
  } catch (error) {
    await arena[Symbol.asyncDispose]()
    throw error
  }
}

/** Waits until something answers HTTP on the port. */
export async function listening(port: number, server: Child): Promise<void> {
  const untilMs = performance.now() + START_MS
  while (performance.now() < untilMs && server.isRunning) {
    try {
      await (await fetch(`http://127.0.0.1:${port}/healthz`)).arrayBuffer()
      return
    } catch {
      await delay(10)
    }
  }
  throw new Error(`the server ${server.isRunning ? 'did not listen in time' : 'ended'}:\n${server.output}`)
}
