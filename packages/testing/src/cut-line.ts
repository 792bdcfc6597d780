import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/**
 * What becomes of an answer: it arrives, the line is cut instead, or it is never heard of. From a desk that has vanished
 * nothing arrives at all any more, not even that the line is cut: as when a machine loses its power.
 */
type Fate = 'carried' | 'cut' | 'silent' | 'vanished'

/** How a COMMIT ends in what both databases are sent. */
const COMMIT = /commit\0?$/

/** The line between a desk and its database, which can be cut at a moment of a test's choosing. */
export class CutLine implements AsyncDisposable {
  readonly #server = createServer((here) => this.#carry(here))
  readonly #sockets = new Set<Socket>()
  readonly #port: number
  #nextCommit: Fate = 'carried'

  private constructor(port: number) {
    this.#port = port
  }

  /** A line to a port of this machine. */
  static async to(port: number): Promise<CutLine> {
    const line = new CutLine(port)
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve))
    return line
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The next COMMIT reaches the database, but this becomes of its answer. */
  loseCommit(fate: 'cut' | 'silent'): void {
    this.#nextCommit = fate
  }

  /** Before the next COMMIT reaches the database, the desk vanishes from this connection. */
  vanishBeforeCommit(): void {
    this.#nextCommit = 'vanished'
  }

  /** All connections are lost; new ones can be made. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  get isLosing(): boolean {
    return this.#nextCommit !== 'carried'
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #carry(here: Socket): void {
    const there = connect(this.#port, '127.0.0.1')
    let fate: Fate = 'carried'
    for (const socket of [here, there]) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        here.destroy()
        if (fate !== 'vanished') there.destroy()
      })
    }
    here.on('data', (bytes) => {
      if (this.isLosing && COMMIT.test(bytes.toString('latin1'))) {
        fate = this.#nextCommit
        this.#nextCommit = 'carried'
      }
      if (fate !== 'vanished') there.write(bytes)
    })
    there.on('data', (bytes) => {
      // It has answered, so it has done it; nobody hears of that.
      if (fate === 'cut') here.destroy()
      if (fate === 'carried') here.write(bytes)
    })
  }
}
