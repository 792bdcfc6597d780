import { setTimeout as delay } from 'node:timers/promises'
import type { Desk } from './desk.ts'
import type { History } from './history.ts'
import type { Reader } from './reader.ts'
import { marks, storedAttempts } from './stored.ts'

const LOOK_MS = 50
/** Every so many looks the desks are weighed, and it is noted how far the chats are. */
const LOOKS_PER_MEASURE = 10

/** Looks into the database while everything goes on, and at what the desks hold. */
export class Auditor {
  readonly #reader: Reader
  readonly #history: History
  readonly #desks: readonly Desk[]
  #shown: { client: string; clientId: string; shownAtMs: number }[] = []

  constructor(reader: Reader, history: History, desks: readonly Desk[]) {
    this.#reader = reader
    this.#history = history
    this.#desks = desks
  }

  /** From now on the database must have it. */
  shownAsSent(client: string, clientId: string): void {
    this.#shown.push({ client, clientId, shownAtMs: performance.now() })
  }

  async watch(over: AbortSignal): Promise<void> {
    for (let look = 0; !over.aborted; look++) {
      await this.look().catch(() => {}) // it is away: the next look asks again
      if (look % LOOKS_PER_MEASURE === 0) await this.measure().catch(() => {})
      await delay(LOOK_MS, undefined, { signal: over }).catch(() => {})
    }
  }

  /** Asks for everything that was shown as sent since the last time. */
  async look(): Promise<void> {
    const shown = this.#shown
    if (shown.length === 0) return
    this.#shown = []
    const lookedAtMs = performance.now()
    const clientIds = shown.map(({ clientId }) => clientId)
    try {
      const stored = await storedAttempts(this.#reader, clientIds)
      for (const one of shown) {
        this.#history.sentLooks.push({ ...one, lookedAtMs, isStored: stored.has(one.clientId) })
      }
    } catch (error) {
      this.#shown.push(...shown)
      throw error
    }
  }

  async measure(): Promise<void> {
    for (const desk of this.#desks) {
      const load = await desk.load()
      if (load !== null) this.#history.loads.push(load)
    }
    this.#history.marks.push(...(await marks(this.#reader)))
  }
}
