/**
 * Holds a lock of this browser, which all windows of it share, until it is told to stop. On a page without TLS there
 * are no locks; there every window is on its own.
 */
export function holdLock(name: string, mode: LockMode, onHeld: () => void): () => void {
  if (!('locks' in navigator)) {
    onHeld()
    return () => {}
  }
  const over = new AbortController()
  const held = () => {
    onHeld()
    return new Promise<void>((release) => over.signal.addEventListener('abort', () => release()))
  }
  navigator.locks.request(name, { mode, signal: over.signal }, held).catch(() => {
    // Told to stop while it waited.
  })
  return () => over.abort()
}

export async function isLockHeld(name: string): Promise<boolean> {
  if (!('locks' in navigator)) return false
  const { held = [] } = await navigator.locks.query()
  return held.some((lock) => lock.name === name)
}
