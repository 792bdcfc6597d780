/** Time as the client sees it; tests pass their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  setTimeout(run: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
  // The handle is what this clock's own setTimeout gave out.
  clearTimeout: (timer) => globalThis.clearTimeout(timer as number),
}

/** One thing that happens later, at most once per start. */
export class Timer {
  readonly #clock: Clock
  readonly #run: () => void
  #pending: unknown = null

  constructor(clock: Clock, run: () => void) {
    this.#clock = clock
    this.#run = run
  }

  get isRunning(): boolean {
    return this.#pending !== null
  }

  start(ms: number): void {
    this.stop()
    this.#pending = this.#clock.setTimeout(() => {
      this.#pending = null
      this.#run()
    }, ms)
  }

  stop(): void {
    if (this.#pending !== null) this.#clock.clearTimeout(this.#pending)
    this.#pending = null
  }
}
