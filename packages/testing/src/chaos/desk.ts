import { readFileSync } from 'node:fs'
import { freePort } from '../../../server/src/testing/free-port.ts'
import { type DeskProcess, startDesk } from '../desk-process.ts'
import type { Load } from './history.ts'

/** Shifts the clock of the process that loads it, by the milliseconds that DESK_SKEW_MS says. */
const SKEW = new URL('./skewed-clock.ts', import.meta.url).href

/** Characters of what a desk printed last. */
const TOLD = 4_000

/** One of several desks, in a process of its own that comes and goes. */
export class Desk implements AsyncDisposable {
  readonly name: string
  readonly #databaseUrl: string
  readonly #env: Record<string, string>
  #process: DeskProcess | null = null
  #port: number | null = null
  #skewMs = 0
  #isOver = false
  #fall: string | null = null

  constructor(name: string, databaseUrl: string, env: Record<string, string>) {
    this.name = name
    this.#databaseUrl = databaseUrl
    this.#env = env
  }

  /** How it ended without having been told to; null where it did not. */
  get fall(): string | null {
    return this.#fall
  }

  /** Null while it is not there. */
  get port(): number | null {
    return this.#port
  }

  /** Starts it, however often that takes: its database may be away. From then on its clock is so far off. */
  async start(skewMs: number): Promise<void> {
    this.#skewMs = skewMs
    while (this.#process === null && !this.#isOver) {
      const port = await freePort()
      const skewed = skewMs === 0 ? {} : { DESK_SKEW_MS: `${skewMs}` }
      const desk = await startDesk({
        databaseUrl: this.#databaseUrl,
        env: { ...this.#env, ...skewed, PORT: `${port}` },
        nodeArgs: skewMs === 0 ? [] : ['--import', SKEW],
      }).catch((error: unknown) => {
        if (/Error: Cannot find|SyntaxError/.test(String(error))) throw error
        return null
      })
      if (desk === null) continue
      this.#process = desk
      this.#port = port
      void desk.exited.then(({ code, signal }) => {
        if (this.#process !== desk) return
        this.#fall = `${this.name} ended by itself (${code ?? signal}):\n${desk.output().slice(-TOLD)}`
      })
    }
    if (this.#isOver) await this.kill()
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Ends it as a supervisor does, with a signal and patience; it must end by itself. */
  async stop(): Promise<void> {
    const how = await this.#end('SIGTERM')
    if (how !== null && how.code !== 0) throw new Error(`${this.name} ended by ${how.code ?? how.signal}`)
  }

  stall(): void {
    this.#process?.kill('SIGSTOP')
  }

  resume(): void {
    this.#process?.kill('SIGCONT')
  }

  get skewMs(): number {
    return this.#skewMs
  }

  /** Whether it says that database and bus can be reached. */
  async isReady(): Promise<boolean> {
    if (this.#process === null) return false
    const answer = await fetch(`${this.#process.url}/readyz`, { signal: AbortSignal.timeout(4_000) }).catch(
      () => null,
    )
    await answer?.arrayBuffer()
    return answer?.ok ?? false
  }

  /** How many sockets are open on it. */
  async sockets(): Promise<number> {
    const text = await (await fetch(`${this.#process?.url}/metrics`)).text()
    return Number(/^deskbell_connections\{kind="cable"\} (\d+)/m.exec(text)?.[1])
  }

  /** What it holds now; null when it cannot be asked. */
  async load(): Promise<Load | null> {
    const desk = this.#process
    if (desk === null) return null
    try {
      const answer = await fetch(`${desk.url}/metrics`, { signal: AbortSignal.timeout(1_000) })
      const lengths = [...(await answer.text()).matchAll(/^deskbell_queue_length\{queue="(\w+)"\} (\d+)/gm)]
      const queues = Object.fromEntries(lengths.map(([, queue = '', length]) => [queue, Number(length)]))
      return { desk: this.name, rssBytes: rssOf(desk.pid), queues, atMs: performance.now() }
    } catch {
      return null
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    await this.kill()
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM') {
    const desk = this.#process
    if (desk === null) return null
    this.#process = null
    desk.kill(signal)
    // A desk that stops goes on answering those who are there already; nobody new is sent to it.
    this.#port = null
    return await desk.exited
  }
}

function rssOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes ?? 0) * 1024
}
