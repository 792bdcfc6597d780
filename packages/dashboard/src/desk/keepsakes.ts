import type { KeyStorage } from '@deskbell/client'

/** What this browser keeps for one admin, apart from what it keeps for another who signs in later. */
export function keepsakesOf(adminId: string): KeyStorage & { forgetAll(): void } {
  const prefix = `deskbell:${adminId}:`
  return {
    get length() {
      return attempt((storage) => storage.length) ?? 0
    },
    key: (index) =>
      attempt((storage) => {
        const key = storage.key(index)
        return key?.startsWith(prefix) ? key.slice(prefix.length) : null
      }),
    getItem: (key) => attempt((storage) => storage.getItem(prefix + key)),
    setItem: (key, value) => void attempt((storage) => storage.setItem(prefix + key, value)),
    removeItem: (key) => void attempt((storage) => storage.removeItem(prefix + key)),
    forgetAll() {
      attempt((storage) => {
        const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index))
        for (const key of keys) if (key?.startsWith(prefix)) storage.removeItem(key)
      })
    },
  }
}

/** A storage that is full or forbidden costs what it would have kept, nothing else. */
export function attempt<T>(use: (storage: Storage) => T): T | null {
  try {
    return use(localStorage)
  } catch {
    return null
  }
}
