import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** The line between a desk and its database, which can be cut at a moment of a test's choosing. */
export class CutLine implements AsyncDisposable {
  readonly #server = createServer((here) => this.#carry(here))
  readonly #sockets = new Set<Socket>()
  readonly #port: number
  /** How many more statements are handed on after which the answer is lost, by a word in them. */
  #losing: { word: string; times: number } = { word: '', times: 0 }

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

  /** The next so many statements with this word reach the database, but its answer is never heard. */
  loseAnswers(word: string, times: number): void {
    this.#losing = { word, times }
  }

  get isLosing(): boolean {
    return this.#losing.times > 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #carry(here: Socket): void {
    const there = connect(this.#port, '127.0.0.1')
    let isCut = false
    for (const socket of [here, there]) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        here.destroy()
        there.destroy()
      })
    }
    here.on('data', (bytes) => {
      there.write(bytes)
      if (this.#losing.times === 0 || !bytes.includes(this.#losing.word)) return
      this.#losing.times--
      isCut = true
    })
    there.on('data', (bytes) => {
      // It has answered, so it has done it; nobody hears of that.
      if (isCut) here.destroy()
      else here.write(bytes)
    })
  }
}
