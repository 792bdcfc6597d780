import { useEffect, useState } from '../view/hooks.ts'

const keyOf = (name: string) => `deskbell:${name}`

/** What is kept on this machine under a name; '' for nothing, and where storage is forbidden. */
function kept(name: string): string {
  return pageStorage()?.getItem(keyOf(name)) ?? ''
}

/** Keeps it; '' removes it. */
function keep(name: string, value: string): void {
  try {
    if (value) localStorage.setItem(keyOf(name), value)
    else localStorage.removeItem(keyOf(name))
  } catch {
    // Full or forbidden: it lasts as long as the page.
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

/** A text that survives a reload and is the same in all tabs. While there is no name for it yet, only the page has it. */
export function useKept(name: string | null): [string, (value: string) => void] {
  const [value, setValue] = useState(name ? kept(name) : '')
  useEffect(() => {
    if (!name) return
    if (value) keep(name, value)
    else setValue(kept(name))
    const follow = ({ key, newValue }: StorageEvent) => {
      if (key === keyOf(name)) setValue(newValue ?? '')
    }
    addEventListener('storage', follow)
    return () => removeEventListener('storage', follow)
  }, [name])
  return [
    value,
    (next) => {
      setValue(next)
      if (name) keep(name, next)
    },
  ]
}
