import type { KeyStorage } from '../unsent-storage.ts'

/** A storage that a test can look into. */
export class MemoryStorage implements KeyStorage {
  readonly kept = new Map<string, string>()

  getItem(key: string): string | null {
    return this.kept.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    this.kept.set(key, value)
  }

  removeItem(key: string): void {
    this.kept.delete(key)
  }
}
