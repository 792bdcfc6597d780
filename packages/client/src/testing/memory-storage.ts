import type { Signals } from '../signals.ts'
import type { KeyStorage } from '../storage.ts'

/** A browser's storage that a test can look into. */
export class MemoryStorage implements KeyStorage {
  readonly kept = new Map<string, string>()
  /** `full`: nothing more can be kept; `forbidden`: every use throws. */
  state: 'usable' | 'full' | 'forbidden' = 'usable'
  readonly #listeners = new Set<{ changed(): void }>()

  get length(): number {
    this.#check(false)
    return this.kept.size
  }

  key(index: number): string | null {
    return [...this.kept.keys()][index] ?? null
  }

  getItem(key: string): string | null {
    this.#check(false)
    return this.kept.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    this.#check(true)
    this.kept.set(key, value)
  }

  removeItem(key: string): void {
    this.#check(false)
    this.kept.delete(key)
  }

  /** The same storage as one tab has it: it hears of what the others change, not of its own changes. */
  tab(): { storage: KeyStorage; storageSignals: Signals } {
    const own = new Set<{ changed(): void }>()
    const tell = () => {
      for (const listener of this.#listeners) {
        if (!own.has(listener)) queueMicrotask(() => this.#listeners.has(listener) && listener.changed())
      }
    }
    const shared = this
    const storage: KeyStorage = {
      get length() {
        return shared.length
      },
      key: (index) => this.key(index),
      getItem: (key) => this.getItem(key),
      setItem: (key, value) => {
        this.setItem(key, value)
        tell()
      },
      removeItem: (key) => {
        const wasKept = this.kept.has(key)
        this.removeItem(key)
        if (wasKept) tell()
      },
    }
    const storageSignals: Signals = (changed) => {
      const listener = { changed }
      own.add(listener)
      this.#listeners.add(listener)
      return () => this.#listeners.delete(listener)
    }
    return { storage, storageSignals }
  }

  #check(isWriting: boolean): void {
    if (this.state === 'forbidden') throw new DOMException('The storage is forbidden.', 'SecurityError')
    if (this.state === 'full' && isWriting)
      throw new DOMException('The storage is full.', 'QuotaExceededError')
  }
}
