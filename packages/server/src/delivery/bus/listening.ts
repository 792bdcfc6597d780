import type { Line } from './line.ts'

/** Channels that are asked for together. */
const BATCH = 500
const RETRY_MS = 250

/** Keeps what a line listens to equal to what is wanted, on every new connection again. */
export class Listening {
  readonly #line: Pick<Line, 'listen' | 'unlisten'>
  readonly #wanted = new Set<string>()
  /** What the present connection listens to. */
  #heard = new Set<string>()
  /** Channels of which the two may differ. */
  #changed = new Set<string>()
  #isConnected = false
  #isWorking = false

  constructor(line: Pick<Line, 'listen' | 'unlisten'>) {
    this.#line = line
  }

  add(channel: string): void {
    this.#wanted.add(channel)
    this.#change(channel)
  }

  delete(channel: string): void {
    this.#wanted.delete(channel)
    this.#change(channel)
  }

  /** There is a new connection, on which nothing is listened to. */
  renew(): void {
    this.#isConnected = true
    this.#heard = new Set()
    this.#changed = new Set(this.#wanted)
    if (!this.#isWorking) void this.#work()
  }

  /** Nothing is asked for any more. */
  stop(): void {
    this.#isConnected = false
  }

  #change(channel: string): void {
    this.#changed.add(channel)
    if (this.#isConnected && !this.#isWorking) void this.#work()
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    // In the next turn of the loop: a crowd that comes in at once is one question to the server.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#isConnected && this.#changed.size > 0) {
      const batch = [...this.#changed].slice(0, BATCH)
      const heard = this.#heard
      for (const channel of batch) this.#changed.delete(channel)
      try {
        await this.#catchUp(batch, heard)
      } catch {
        for (const channel of batch) this.#changed.add(channel)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref())
      }
    }
    this.#isWorking = false
  }

  async #catchUp(batch: readonly string[], heard: Set<string>): Promise<void> {
    const come = batch.filter((channel) => this.#wanted.has(channel) && !heard.has(channel))
    const gone = batch.filter((channel) => !this.#wanted.has(channel) && heard.has(channel))
    if (come.length > 0) await this.#line.listen(come)
    for (const channel of come) heard.add(channel)
    if (gone.length > 0) await this.#line.unlisten(gone)
    for (const channel of gone) heard.delete(channel)
  }
}
