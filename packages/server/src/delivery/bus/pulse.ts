import type { Logger } from 'pino'
import type { Bus } from './bus.ts'

/** How often a bus is asked whether it is there. */
const BEAT_MS = 1_000

/** Whether a bus is there, as far as one can know; told to the log when that changes. */
export class Pulse {
  readonly #bus: Bus
  readonly #log: Logger
  #isUp = false
  #failures = 0
  #isAsking = false
  #timer: NodeJS.Timeout | undefined

  constructor(bus: Bus, log: Logger) {
    this.#bus = bus
    this.#log = log
  }

  get isUp(): boolean {
    return this.#isUp
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.#beat(), BEAT_MS).unref()
    void this.#beat()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #beat(): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    const failure = await this.#bus.ping().then(
      () => null,
      (error: unknown) => ({ error }),
    )
    this.#isAsking = false
    this.#note(failure)
  }

  #note(failure: { error: unknown } | null): void {
    if (failure === null) {
      if (!this.#isUp) this.#log.info('the bus is there')
      this.#isUp = true
      this.#failures = 0
      return
    }
    this.#failures++
    // The first connection may take a moment; that is no outage.
    if (this.#isUp || this.#failures === 2) {
      this.#log.warn({ err: failure.error }, 'the bus (BUS_URL) is away: other desks learn from the database')
    }
    this.#isUp = false
  }
}
