import { pauseMs } from './line.ts'

/** How a connection is made and given up. `lost` is called when it has ended by itself. */
interface Make<C> {
  connect(lost: () => void): Promise<C>
  /** Ends it at once, also when the other side does not answer. */
  discard(connection: C): void
}

interface Held<C> {
  connection: C
  /** Rejects for those who wait for an answer. */
  asking: Set<(error: unknown) => void>
}

/** One connection that is made again whenever it is lost. */
export class Lifeline<C> {
  readonly #make: Make<C>
  #held: Held<C> | undefined
  /** Why there is no connection, as far as that is known. */
  #failure: unknown
  #lose: () => void = () => {}
  #isClosed = false
  #timer: NodeJS.Timeout | undefined
  #wake: () => void = () => {}

  constructor(make: Make<C>) {
    this.#make = make
  }

  /** Begins; `connected` hears of each new connection. */
  start(connected: () => void): void {
    void this.#hold(connected)
  }

  get current(): C | undefined {
    return this.#held?.connection
  }

  /** Does something with the connection. Rejects at once when there is none, or when it is lost before there is an answer. */
  async ask<T>(work: (connection: C) => Promise<T>): Promise<T> {
    if (this.#held === undefined) throw new Error('not connected', { cause: this.#failure })
    const { connection, asking } = this.#held
    // No race with one promise of the loss: it would keep each answer for as long as the connection lasts.
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    asking.add(reject)
    work(connection).then(resolve, reject)
    return await promise.finally(() => asking.delete(reject))
  }

  reset(): void {
    this.#lose()
  }

  close(): void {
    this.#isClosed = true
    this.#lose()
    clearTimeout(this.#timer)
    this.#wake()
  }

  async #hold(connected: () => void): Promise<void> {
    for (let attempt = 1; !this.#isClosed; attempt++) {
      const lost = Promise.withResolvers<void>()
      try {
        const connection = await this.#make.connect(lost.resolve)
        this.#lose = lost.resolve
        const asking: Held<C>['asking'] = new Set()
        this.#held = { connection, asking }
        attempt = 0
        if (!this.#isClosed) connected()
        if (!this.#isClosed) await lost.promise
        this.#held = undefined
        this.#failure = new Error('the connection was lost')
        for (const reject of asking) reject(this.#failure)
        this.#make.discard(connection)
      } catch (error) {
        this.#failure = error
      }
      if (!this.#isClosed) await this.#pause(pauseMs(attempt))
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      this.#timer = setTimeout(resolve, ms).unref()
    })
  }
}
