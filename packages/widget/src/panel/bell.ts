import { claimed, strike } from './bell-sound.ts'

const BURST_MS = 8_000
// A tab in which it is seen says so by then.
const COURTESY_MS = 300

/** One soft bell for a burst of messages, in one of the tabs. Between bells no sound device is held. */
export class Bell {
  #context: AudioContext | null = null
  #lastStroke = Number.NEGATIVE_INFINITY

  /** Browsers allow sound only after a gesture: call it while handling one. */
  allow(): void {
    if (this.#context || !navigator.userActivation?.hasBeenActive) return
    this.#context = new AudioContext()
    void this.#context.suspend()
  }

  /** Where another tab has read it meanwhile, it stays silent. */
  async ring(now: number, isUnread: () => boolean): Promise<void> {
    const context = this.#context
    const isSameBurst = now - this.#lastStroke < BURST_MS
    this.#lastStroke = now
    if (isSameBurst || !context) return
    try {
      await new Promise((over) => setTimeout(over, COURTESY_MS))
      if (isUnread()) await claimed(BURST_MS, () => strike(context))
    } catch {
      // Ended meanwhile: the badge has said it.
    }
  }

  end(): void {
    void this.#context?.close()
    this.#context = null
  }
}
