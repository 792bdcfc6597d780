import { type Clock, Timer } from './clock.ts'
import type { Dial } from './line.ts'

const POLL_MS = 5_000

/** Asks again and again: the way that works wherever anything does. */
export function askOften(clock: Clock, poll: (signal: AbortSignal) => Promise<boolean>): Dial {
  return async ({ signal, live, lost }) => {
    const ask = async () => {
      const askedAt = clock.now()
      if (!(await poll(signal))) return lost()
      if (signal.aborted) return
      live()
      next.start(Math.max(0, askedAt + POLL_MS - clock.now()))
    }
    const next = new Timer(clock, () => void ask())
    signal.addEventListener('abort', () => next.stop())
    await ask()
  }
}
