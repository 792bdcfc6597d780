const BURST_MS = 8_000

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

  ring(now: number): void {
    const context = this.#context
    const isSameBurst = now - this.#lastStroke < BURST_MS
    this.#lastStroke = now
    if (!isSameBurst && context) void ring(context)
  }

  end(): void {
    void this.#context?.close()
    this.#context = null
  }
}

async function ring(context: AudioContext): Promise<void> {
  try {
    const { claimed, strike } = await import('./bell-sound.ts')
    await claimed(BURST_MS, () => strike(context))
  } catch {
    // Ended or offline meanwhile: the badge has said it.
  }
}
