import type { Clock } from '../clock.ts'

interface Pending {
  at: number
  run: () => void
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 29, 9, 30)
  readonly #pending = new Set<Pending>()

  get pendingCount(): number {
    return this.#pending.size
  }

  now(): number {
    return this.#now
  }

  setTimeout(run: () => void, ms: number): Pending {
    const pending = { at: this.#now + ms, run }
    this.#pending.add(pending)
    return pending
  }

  clearTimeout(timer: unknown): void {
    for (const pending of this.#pending) if (pending === timer) this.#pending.delete(pending)
  }

  /** Time passes while nothing runs, as on a page that is frozen. */
  sleep(ms: number): void {
    this.#now += ms
  }

  /** Runs what falls due, in order, and everything that promises make of it. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settled()
    for (;;) {
      const due = [...this.#pending].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.#pending.delete(due)
      this.#now = due.at
      due.run()
      await settled()
    }
    this.#now = end
  }
}

// Node's: nothing else comes only after all promises.
declare function setImmediate(run: () => void): unknown

/** Resolves when every promise that could go on has gone on. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
