import { DeskbellError } from '@deskbell/protocol'
import type { Clock } from '../engine.ts'

const WINDOW_MS = 10_000

/** At most `limit` messages of one sender in any 10 s; 0 is no limit. */
export class RateLimit {
  readonly #limit: number
  readonly #clock: Clock
  /** The times of each sender's last messages, oldest first. */
  readonly #sent = new Map<string, number[]>()
  #sweepAt = 0

  constructor(limit: number, clock: Clock) {
    this.#limit = limit
    this.#clock = clock
  }

  /** Counts one message of `sender`. Throws `rate_limited` with the seconds to wait. */
  spend(sender: string): void {
    if (this.#limit === 0) return
    const now = this.#clock.now()
    this.#sweep(now)
    // What is still to come was by a clock that has been put back.
    const times = (this.#sent.get(sender) ?? []).filter((time) => time > now - WINDOW_MS && time <= now)
    const oldest = times[0]
    if (oldest !== undefined && times.length >= this.#limit) {
      const retryAfter = Math.ceil((oldest + WINDOW_MS - now) / 1000)
      throw new DeskbellError('rate_limited', `Too many messages; try again in ${retryAfter} s.`, {
        retryAfter,
      })
    }
    times.push(now)
    this.#sent.set(sender, times)
  }

  /** Forgets who has been quiet, so that memory follows the senders of the last moments only. */
  #sweep(now: number): void {
    if (now < this.#sweepAt && now >= this.#sweepAt - WINDOW_MS) return
    this.#sweepAt = now + WINDOW_MS
    for (const [sender, times] of this.#sent) {
      if ((times.at(-1) ?? 0) <= now - WINDOW_MS) this.#sent.delete(sender)
    }
  }
}
