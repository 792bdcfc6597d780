/** The part of `localStorage` that is used. */
export interface KeyStorage {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** Every key that Deskbell keeps in a browser begins like this. */
export const STORAGE_PREFIX = 'deskbell:'

/** A storage that is full or forbidden costs what it would have kept, nothing else. */
export function attempt<T>(use: () => T): T | undefined {
  try {
    return use()
  } catch {
    return undefined
  }
}
