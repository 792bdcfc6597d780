import { type Clock, Timer } from './clock.ts'
import { retryDelay } from './retry-delay.ts'
import type { Tokens } from './tokens.ts'

/**
 * `coming`: not yet, or lost a moment ago. `missing`: an attempt failed or keeps one waiting; it goes on trying.
 * `refused`: the desk does not take this caller, until it is woken.
 */
export type LineState = 'closed' | 'coming' | 'live' | 'missing' | 'refused'

/** One attempt to reach the desk. Nothing that it tells counts once its signal is aborted. */
export interface Attempt {
  readonly signal: AbortSignal
  /** The desk is there, or still there. */
  live(): void
  lost(): void
  refused(): void
}

/** Makes an attempt, which may outlast the promise; a throw counts as lost. */
export type Dial = (attempt: Attempt) => Promise<void>

/** What a line needs from outside. */
export interface LineParts {
  dial: Dial
  tokens: Tokens
  clock: Clock
  random: () => number
  /** Whether some other way works, so that there is no hurry. */
  isServed(): boolean
  opened?(): void
  lost?(): void
  changed(): void
}

// Two of the desk's heartbeats (3 s each) and a little: silence for longer means that the line is dead.
const SILENCE_MS = 6_500
const ONE_HEARTBEAT_MS = 3_400
// The desk answers at once: whoever waits longer waits for someone in between.
const PATIENCE_MS = 4_000
// Meanwhile another way is looked for, so that two such waits still end within 5 s (P4).
const LATE_MS = 2_000
const LONGEST_CALM_MS = 30_000

/** One way to the desk that heals by itself for as long as it is open. */
export class Line {
  readonly #parts: LineParts
  readonly #retry: Timer
  readonly #silence: Timer
  readonly #late: Timer
  #state: LineState = 'closed'
  #attempt: AbortController | null = null
  #failures = 0
  /** Failures in a row while another way worked. */
  #calmFailures = 0
  #triedAt = 0
  #liveAt = 0
  #heardAt = 0
  #hasRenewedToken = false

  constructor(parts: LineParts) {
    this.#parts = parts
    this.#retry = new Timer(parts.clock, () => this.#retryInTime())
    this.#silence = new Timer(parts.clock, () => this.#lose())
    this.#late = new Timer(parts.clock, () => this.#become('missing'))
  }

  get state(): LineState {
    return this.#state
  }

  open(): void {
    if (this.#state !== 'closed') return
    this.#state = 'coming'
    this.#late.start(LATE_MS)
    this.#dial()
  }

  /** Leaves no timer and nothing under way. */
  close(): void {
    this.#state = 'closed'
    this.#late.stop()
    this.#hangUp()
  }

  /** Looks now instead of at the next turn. */
  wake(): void {
    if (this.#state === 'closed') return
    // The timers of a page that slept are late.
    const isDead = this.#parts.clock.now() - this.#heardAt >= SILENCE_MS
    if (this.#attempt === null || isDead) this.#dial()
    else if (this.#state === 'live') this.#silence.start(ONE_HEARTBEAT_MS)
  }

  #dial(): void {
    this.#hangUp()
    const { dial, clock } = this.#parts
    const abort = new AbortController()
    const { signal } = abort
    const unlessOver = (tell: () => void) => () => {
      if (!signal.aborted) tell()
    }
    this.#attempt = abort
    this.#triedAt = this.#heardAt = clock.now()
    this.#silence.start(PATIENCE_MS)
    const attempt: Attempt = {
      signal,
      live: unlessOver(() => this.#hear()),
      lost: unlessOver(() => this.#lose()),
      refused: unlessOver(() => this.#refuse()),
    }
    if (this.#state === 'live') this.#become('coming')
    // Whoever heard of that may have closed everything.
    if (!signal.aborted) dial(attempt).catch(attempt.lost)
  }

  #hear(): void {
    this.#heardAt = this.#parts.clock.now()
    this.#silence.start(SILENCE_MS)
    if (this.#state === 'live') return
    this.#liveAt = this.#heardAt
    this.#hasRenewedToken = false
    this.#become('live')
  }

  #lose(): void {
    const { clock, random, isServed } = this.#parts
    const wasLive = this.#state === 'live'
    this.#hangUp()
    // Only by lasting has the line proved itself: a welcome may be followed by a hang-up.
    if (wasLive && clock.now() - this.#liveAt >= ONE_HEARTBEAT_MS) this.#failures = 0
    this.#hasRenewedToken = false
    this.#calmFailures = !wasLive && isServed() ? this.#calmFailures + 1 : 0
    const pauseMs = retryDelay(this.#failures++, random)
    // A long wait for nothing was pause enough.
    this.#retry.start(wasLive ? pauseMs : Math.max(0, this.#triedAt + pauseMs - clock.now()))
    this.#become(wasLive ? 'coming' : 'missing')
  }

  #refuse(): void {
    const { tokens } = this.#parts
    tokens.refuse()
    if (tokens.isRenewable && !this.#hasRenewedToken) {
      this.#hasRenewedToken = true
      this.#dial()
    } else {
      this.#hangUp()
      this.#become('refused')
    }
  }

  /** While another way works there is less and less hurry, down to a look each half minute; once that is lost, all of it. */
  #retryInTime(): void {
    const { isServed, clock, random } = this.#parts
    const calmMs = Math.min(LONGEST_CALM_MS, 1_000 * 2 ** this.#calmFailures)
    if (isServed() && clock.now() - this.#triedAt < calmMs)
      this.#retry.start(retryDelay(this.#failures, random))
    else this.#dial()
  }

  #hangUp(): void {
    this.#retry.stop()
    this.#silence.stop()
    this.#attempt?.abort()
    this.#attempt = null
  }

  #become(state: LineState): void {
    const wasLive = this.#state === 'live'
    if (state === this.#state) return
    this.#state = state
    if (state === 'coming') this.#late.start(LATE_MS)
    else this.#late.stop()
    if (state === 'live') this.#parts.opened?.()
    if (wasLive) this.#parts.lost?.()
    this.#parts.changed()
  }
}
