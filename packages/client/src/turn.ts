import { type Clock, Timer } from './clock.ts'
import { leases } from './lease.ts'
import type { KeyStorage } from './storage.ts'

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request(name: string, options: { steal: boolean }, held: () => Promise<void>): Promise<unknown>
}

/** What a turn needs from outside. */
export interface TurnParts {
  storage: KeyStorage
  /** Tells apart whose outbox it is. */
  prefix: string
  /** Without them, a lease in the storage does their work. */
  locks: Locks | null | undefined
  clock: Clock
  random: () => number
  begun(): void
  /** Another tab took it. */
  lost(): void
}

// Longer than an attempt may take. Whoever makes no headway for so long is a page that the system has put to sleep.
const PATIENCE_MS = 20_000

// Another process may see a lock released before it sees what was removed from the storage under it.
const SETTLING_MS = 150

/** Of all the tabs that share an outbox, one at a time may send. */
export class Turn {
  readonly #name: string
  readonly #parts: TurnParts
  readonly #patience: Timer
  readonly #settling: Timer
  #isWaiting = false
  #isMine = false
  #release: (() => void) | null = null

  constructor(parts: TurnParts) {
    this.#name = `${parts.prefix}turn`
    this.#parts = parts
    this.#patience = new Timer(parts.clock, () => this.#ask(true))
    this.#settling = new Timer(parts.clock, () => this.close())
  }

  get isMine(): boolean {
    return this.#isMine
  }

  /** Asks for it, or goes on waiting because there was headway. */
  begin(): void {
    if (this.#release) return this.#go()
    this.#patience.start(PATIENCE_MS)
    if (!this.#isWaiting) this.#ask(false)
  }

  /** There is nothing left to send. */
  end(): void {
    this.#patience.stop()
    if (this.#isMine) this.#settling.start(SETTLING_MS)
    this.#isMine = false
  }

  /** Lets it go at once. */
  close(): void {
    this.end()
    this.#settling.stop()
    this.#release?.()
    this.#release = null
  }

  #go(): void {
    this.#patience.stop()
    this.#settling.stop()
    this.#isMine = true
    this.#parts.begun()
  }

  #ask(steal: boolean): void {
    this.#isWaiting = true
    const locks = this.#parts.locks ?? leases(this.#parts)
    const held = () =>
      new Promise<void>((release) => {
        this.#isWaiting = false
        // What was asked for before it was stolen comes as well.
        if (this.#release) return release()
        this.#release = release
        this.#go()
      })
    locks.request(this.#name, { steal }, held).catch(() => {
      if (!this.#release) return held() // without locks there is no sharing, but it is sent
      this.close()
      this.#parts.lost()
    })
  }
}
