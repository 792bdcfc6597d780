/** The page's own storage, or none where the browser forbids it. */
export function pageStorage(): Storage | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}

/** Removes all that Deskbell keeps on this machine. */
export function eraseTraces(): void {
  const storage = pageStorage()
  for (const key of Object.keys(storage ?? {})) if (key.startsWith('deskbell:')) storage?.removeItem(key)
}
