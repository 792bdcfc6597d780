import { DeskbellError } from '@deskbell/protocol'
import type { Clock } from '../engine.ts'

/** More names than this at once are an attack from many addresses; the fullest buckets are then forgotten. */
const MAX_NAMES = 50_000

interface Bucket {
  /** Attempts left at `at`; they come back one each `refillMs`. */
  left: number
  at: number
}

/** Lets each name try `burst` times at once and then once each `refillMs` milliseconds. */
export class Throttle {
  readonly #buckets = new Map<string, Bucket>()
  readonly #clock: Clock
  readonly #burst: number
  readonly #refillMs: number

  constructor(clock: Clock, limits: { burst: number; refillMs: number }) {
    this.#clock = clock
    this.#burst = limits.burst
    this.#refillMs = limits.refillMs
  }

  /** Counts an attempt. Throws `rate_limited` with the seconds to wait. */
  spend(name: string): void {
    const now = this.#clock.now()
    const left = this.#leftAt(name, now)
    if (left < 1) {
      const retryAfter = Math.ceil(((1 - left) * this.#refillMs) / 1000)
      throw new DeskbellError('rate_limited', `Too many attempts; try again in ${retryAfter} s.`, {
        retryAfter,
      })
    }
    // Deleting first keeps the map in order of use, so that the oldest entries are the ones to drop.
    this.#buckets.delete(name)
    this.#buckets.set(name, { left: left - 1, at: now })
    this.#forget(now)
  }

  /** Someone proved who they are: their earlier mistakes are forgiven. */
  forgive(name: string): void {
    this.#buckets.delete(name)
  }

  #leftAt(name: string, now: number): number {
    const bucket = this.#buckets.get(name)
    if (bucket === undefined) return this.#burst
    // Later than now is by a clock that has been put back.
    bucket.at = Math.min(bucket.at, now)
    return Math.min(this.#burst, bucket.left + (now - bucket.at) / this.#refillMs)
  }

  #forget(now: number): void {
    for (const name of this.#buckets.keys()) {
      if (this.#buckets.size <= MAX_NAMES && this.#leftAt(name, now) < this.#burst) return
      this.#buckets.delete(name)
    }
  }
}
