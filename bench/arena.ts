import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../packages/server/src/testing/free-port.ts'
import type { Contender } from './contenders.ts'
import { type Ground, SERVER_CORE } from './grounds.ts'
import type { Faults } from './load/client.ts'
import type { Orders } from './load/worker.ts'
import { Child } from './processes.ts'
import type { Reading } from './servers/probe.ts'

const PROBE = new URL('./servers/probe.ts', import.meta.url).href
const WORKER = fileURLToPath(new URL('./load/worker.ts', import.meta.url))
const LOAD_CORE = 1
const START_MS = 20_000

/** One contender's servers with their own data, and the load that is aimed at them. */
export class Arena implements AsyncDisposable {
  readonly #contender: Contender
  readonly #folder: string
  readonly #ports: readonly number[]
  readonly #ground: Ground | null
  readonly #load: Child
  #servers: readonly Child[]
  readonly #removeFolder = () => rmSync(this.#folder, { recursive: true, force: true })

  constructor(contender: Contender, folder: string, ports: readonly number[], ground: Ground | null) {
    this.#contender = contender
    this.#folder = folder
    this.#ports = ports
    this.#ground = ground
    this.#load = new Child(LOAD_CORE, ['--max-semi-space-size=32', WORKER], {})
    this.#servers = this.#startServers()
    process.on('exit', this.#removeFolder)
  }

  /** Waits for the servers, and tells the load where they are. */
  async ready(): Promise<void> {
    await this.#listening()
    await this.aim(this.#ports, this.#ports)
  }

  /** Who is connected from now on goes to these of the servers' ports, in turns. */
  async aim(users: readonly number[], admins: readonly number[]): Promise<void> {
    const { dialect, credentials } = this.#contender
    await this.order('aim', { users, admins, dialect, credentials })
  }

  get ports(): readonly number[] {
    return this.#ports
  }

  /** Ends the server and starts it again on the same data, as a fresh process. Nobody may be connected. */
  async restartServer(): Promise<void> {
    await this.#stopServers()
    this.#servers = this.#startServers()
    await this.#listening()
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
    throw new Error(`${this.#contender.title}, ${name}: ${reply.error}\n${this.#output}`)
  }

  /** What the server processes use now, together; `collect` has them collect their garbage before. */
  async read(how: 'read' | 'collect' = 'read'): Promise<Reading> {
    const replies = await Promise.all(this.#servers.map((server) => server.ask(`bench:${how}`)))
    const readings = (replies as { bench: Reading }[]).map(({ bench }) => bench)
    const sum = (name: keyof Reading) => readings.reduce((total, reading) => total + reading[name], 0)
    return { rssBytes: sum('rssBytes'), heapUsedBytes: sum('heapUsedBytes'), cpuMicros: sum('cpuMicros') }
  }

  /** Disconnects the load, ends the server, and compares what it stored with what it acknowledged. */
  async close(): Promise<Faults> {
    const { faults, acknowledged } = await this.order('finish')
    if (this.#load.output !== '') process.stderr.write(this.#output)
    await this.#stopServers()
    const stored = await this.#contender.stored(this.#folder, this.#ground)
    if (stored === null) return faults
    for (const [chatId, count] of acknowledged) {
      const kept = stored.get(chatId) ?? 0
      if (Number.isNaN(kept)) faults.outOfOrder++
      else if (kept < count) faults.lost += count - kept
      else if (kept > count) faults.doubled += kept - count
    }
    return faults
  }

  get #output(): string {
    return [this.#load, ...this.#servers].map(({ output }) => output).join('')
  }

  #startServers(): Child[] {
    const args = ['--import', PROBE, ...this.#contender.args()]
    return this.#ports.map(
      (port) =>
        new Child(SERVER_CORE, args, { ...this.#contender.env(port, this.#folder), ...this.#ground?.env }),
    )
  }

  async #listening(): Promise<void> {
    await Promise.all(this.#servers.map((server, index) => listening(this.#ports[index] ?? 0, server)))
  }

  async #stopServers(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server[Symbol.asyncDispose]()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#load[Symbol.asyncDispose]()
    await this.#stopServers()
    await this.#ground?.[Symbol.asyncDispose]()
    process.off('exit', this.#removeFolder)
    this.#removeFolder()
  }
}

/** Starts a contender with nothing stored, and with what it stands on, on one core and the load on another. */
export async function openArena(contender: Contender): Promise<Arena> {
  const ground = (await contender.ground?.()) ?? null
  const folder = await mkdtemp(join(tmpdir(), 'deskbell-bench-'))
  const ports: number[] = []
  while (ports.length < (contender.processes ?? 1)) ports.push(await freePort())
  const arena = new Arena(contender, folder, ports, ground)
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
