import type { Parcel } from './line.ts'

/** Parcels that are sent together. */
const BATCH = 200
/** Who would hear of something later than this has read it from the database. */
const LONGEST_WAIT_MS = 5_000
/** Characters that wait for a bus that is away or slow. */
const MOST_WAITING = 8 * 1024 * 1024
const RETRY_MS = 100

interface Waiting extends Parcel {
  since: number
}

/** What is on its way to the bus: one batch at a time. Where it cannot be sent, the oldest is given up first. */
export class Outgoing {
  readonly #send: (batch: readonly Parcel[]) => Promise<void>
  readonly #dropped: (count: number) => void
  #waiting: Waiting[] = []
  /** Characters of what waits; what is under way is not among it. */
  #length = 0
  #isSending = false
  #isClosed = false

  constructor(send: (batch: readonly Parcel[]) => Promise<void>, dropped: (count: number) => void) {
    this.#send = send
    this.#dropped = dropped
  }

  push(parcel: Parcel): void {
    if (this.#isClosed) return
    this.#waiting.push({ ...parcel, since: performance.now() })
    this.#length += parcel.text.length
    this.#makeRoom()
    if (!this.#isSending) void this.#work()
  }

  /** Resolves when what was given to it before is sent or given up, within a moment. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (let turn = 0; this.#isSending && turn < 10; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    this.#waiting = []
  }

  async #work(): Promise<void> {
    this.#isSending = true
    // In the next turn of the loop: whatever is told in this one goes together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH)
      this.#length -= lengthOf(batch)
      try {
        await this.#send(batch)
      } catch {
        if (this.#isClosed) break
        // It may have arrived nonetheless. Then it comes twice, which costs nobody anything.
        this.#waiting.unshift(...batch)
        this.#length += lengthOf(batch)
        this.#makeRoom()
        const oldest = performance.now() - LONGEST_WAIT_MS
        this.#giveUp(({ since }) => since < oldest)
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref())
      }
    }
    this.#isSending = false
  }

  /** Half of it at once: what comes next finds room. */
  #makeRoom(): void {
    if (this.#length > MOST_WAITING) this.#giveUp(({ index }) => index < this.#waiting.length / 2)
  }

  #giveUp(isOld: (parcel: { index: number; since: number }) => boolean): void {
    const kept = this.#waiting.filter(({ since }, index) => !isOld({ index, since }))
    this.#dropped(this.#waiting.length - kept.length)
    this.#length -= lengthOf(this.#waiting) - lengthOf(kept)
    this.#waiting = kept
  }
}

function lengthOf(parcels: readonly Parcel[]): number {
  return parcels.reduce((sum, { text }) => sum + text.length, 0)
}
