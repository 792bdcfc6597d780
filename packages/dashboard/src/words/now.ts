import { useSyncExternalStore } from 'react'

const TICK_MS = 10_000

/** The time, rounded down to ten seconds: what shows it stays true without being asked to. */
export function useNow(): number {
  return useSyncExternalStore(everyTick, currentTick)
}

function everyTick(listener: () => void): () => void {
  const timer = setInterval(listener, TICK_MS / 2)
  // Timers of a hidden page hardly run; on its return the page must not show an old "just now".
  document.addEventListener('visibilitychange', listener)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', listener)
  }
}

const currentTick = () => Math.floor(Date.now() / TICK_MS) * TICK_MS
