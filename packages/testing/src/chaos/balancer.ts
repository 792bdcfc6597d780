import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../until.ts'

const LOOK_MS = 200
/** A desk that takes longer to say that it works gets nobody new. */
const ANSWER_MS = 1_000

/** What stands before the desks: each new connection goes to the next desk that is alive, whoever it is from. */
export class Balancer implements AsyncDisposable {
  readonly #server = createServer((here) => void this.#carry(here))
  readonly #sockets = new Set<Socket>()
  readonly #ports: () => readonly number[]
  readonly #idleMs: number | null
  readonly #over = new AbortController()
  #alive: readonly number[] = []
  #turn = 0

  private constructor(ports: () => readonly number[], idleMs: number | null) {
    this.#ports = ports
    this.#idleMs = idleMs
  }

  /** Before the desks on these ports; `idleMs` is after how much silence it hangs up, null for never. */
  static async before(ports: () => readonly number[], idleMs: number | null): Promise<Balancer> {
    const balancer = new Balancer(ports, idleMs)
    await new Promise<void>((resolve) => balancer.#server.listen(0, '127.0.0.1', 4096, resolve))
    void balancer.#watch()
    return balancer
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get cableUrl(): string {
    return `${this.url.replace('http', 'ws')}/cable`
  }

  /** How many desks are alive. */
  get alive(): number {
    return this.#alive.length
  }

  /** Resolves when there is a desk to send people to. */
  async serving(): Promise<void> {
    await until('a desk works', () => this.#alive.length > 0)
  }

  /** Hangs up on everyone. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort()
    this.cut()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async #watch(): Promise<void> {
    const { signal } = this.#over
    while (!signal.aborted) {
      const ports = this.#ports()
      const answers = await Promise.all(ports.map((port) => isAlive(port)))
      this.#alive = ports.filter((_, index) => answers[index])
      await delay(LOOK_MS, undefined, { signal }).catch(() => {})
    }
  }

  async #carry(here: Socket): Promise<void> {
    this.#keep(here)
    const candidates = this.#alive
    const first = this.#turn++
    for (let index = 0; index < candidates.length; index++) {
      const there = await reached(candidates[(first + index) % candidates.length] ?? 0)
      if (there === null) continue
      this.#keep(there)
      if (here.destroyed) return void there.destroy()
      here.on('close', () => there.destroy())
      there.on('close', () => here.destroy())
      if (this.#idleMs !== null) there.setTimeout(this.#idleMs, () => there.destroy())
      here.pipe(there).pipe(here)
      return
    }
    here.destroy()
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
  }
}

async function isAlive(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS)
    const answer = await fetch(`http://127.0.0.1:${port}/readyz?exclude=bus`, {
      signal,
      headers: { connection: 'close' },
    })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}

function reached(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => resolve(null))
  })
}
