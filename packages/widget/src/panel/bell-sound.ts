// A bell is struck once and left to ring: a fundamental and two inharmonic partials, each dying faster.
const PARTIALS = [
  [1_318, 0.05, 1.1],
  [2_794, 0.022, 0.6],
  [4_186, 0.01, 0.3],
] as const

const CLAIM = 'deskbell:bell'

/** Does it in one tab of the browser: whoever is first holds the claim for as long as `ms`, or as its page lives. */
export async function claimed(ms: number, run: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return claimedByTime(ms, run)
  await navigator.locks.request(CLAIM, { ifAvailable: true }, async (claim) => {
    if (!claim) return
    await run()
    await new Promise((over) => setTimeout(over, ms))
  })
}

/** Where there are no locks, as on pages without TLS, two tabs may still be first at the same instant. */
async function claimedByTime(ms: number, run: () => Promise<void>): Promise<void> {
  const sinceMs = Date.now() - Number(localStorage.getItem(CLAIM))
  if (sinceMs >= 0 && sinceMs < ms) return
  localStorage.setItem(CLAIM, String(Date.now()))
  await run()
}

/** Strikes the bell; once it has rung out, the sound device is let go. */
export async function strike(context: AudioContext): Promise<void> {
  await context.resume()
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
    if (seconds > 1) tone.onended = () => void context.suspend()
  }
}
