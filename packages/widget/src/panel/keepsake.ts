/** What the panel keeps on this machine. Where storage is forbidden, things last as long as the page. */
export function keepsake(name: string) {
  const key = `deskbell:${name}`
  return {
    read(): string | null {
      try {
        return localStorage.getItem(key)
      } catch {
        return null
      }
    },
    write(value: string): void {
      try {
        if (value) localStorage.setItem(key, value)
        else localStorage.removeItem(key)
      } catch {
        // Full or forbidden.
      }
    },
  }
}

/** The page's own storage, or none where the browser forbids it. */
export function pageStorage(): Storage | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}
