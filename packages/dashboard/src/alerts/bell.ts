// A bell is struck once and left to ring: a fundamental and two inharmonic partials, each dying faster.
const PARTIALS = [
  [1_318, 0.05, 1.1],
  [2_794, 0.022, 0.6],
  [4_186, 0.01, 0.3],
] as const

const BURST_MS = 8_000

/** One soft bell for a burst of messages. Between bells no sound device is held. */
export class Bell {
  #context: AudioContext | null = null
  #lastStroke = Number.NEGATIVE_INFINITY

  /** Browsers allow sound only after a gesture: call it while handling one. */
  allow(): void {
    if (this.#context) return
    this.#context = new AudioContext()
    void this.#context.suspend()
  }

  ring(now: number): void {
    const isSameBurst = now - this.#lastStroke < BURST_MS
    this.#lastStroke = now
    if (!isSameBurst) this.strike()
  }

  strike(): void {
    const context = this.#context
    void context?.resume().then(() => strike(context))
  }

  close(): void {
    void this.#context?.close()
    this.#context = null
  }
}

/** Once it has rung out, the sound device is let go. */
function strike(context: AudioContext): void {
  const start = context.currentTime
  for (const [hertz, loudness, seconds] of PARTIALS) {
    const tone = new OscillatorNode(context, { frequency: hertz })
    const gain = new GainNode(context, { gain: 0 })
    gain.gain.setValueAtTime(0, start)
    gain.gain.linearRampToValueAtTime(loudness, start + 0.006)
    gain.gain.exponentialRampToValueAtTime(0.0001, start + seconds)
    tone.connect(gain).connect(context.destination)
    tone.start(start)
    tone.stop(start + seconds)
    // The first partial rings longest.
    if (seconds > 1) tone.onended = () => context.state === 'running' && void context.suspend()
  }
}
