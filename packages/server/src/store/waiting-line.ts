import { DatabaseFailure } from './failure.ts'

/** Who waits longer for a connection is turned away, so that whoever asked has an answer within seconds. */
const LONGEST_WAIT_MS = 3_000
const MOST_WAITING = 10_000
/** The pool is asked for so many connections at a time: a pool that does not answer is not asked by everyone. */
const MOST_ASKED = 10

interface Waiter<C> {
  take(connection: C): void
  refuse(failure: DatabaseFailure): void
}

/** Waits for connections of a pool: first come, first served; not for ever, and not with everyone. */
export class WaitingLine<C> {
  readonly #connect: () => Promise<C>
  readonly #release: (connection: C) => void
  readonly #waiting = new Set<Waiter<C>>()
  #asked = 0
  #out = 0
  /** Counts connections that came and went: signs that the server has some for us. */
  #signs = 0

  constructor(connect: () => Promise<C>, release: (connection: C) => void) {
    this.#connect = connect
    this.#release = release
  }

  /** A connection of the pool. Throws `unavailable` when there is none soon. */
  next(): Promise<C> {
    if (this.#waiting.size >= MOST_WAITING) {
      return Promise.reject(new DatabaseFailure('unavailable', new Error('too many wait')))
    }
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer)
        this.#waiting.delete(waiter)
      }
      const waiter: Waiter<C> = {
        take: (connection) => {
          leave()
          resolve(connection)
        },
        refuse: (failure) => {
          leave()
          reject(failure)
        },
      }
      const giveUp = () => {
        const late = new Error(`no connection within ${LONGEST_WAIT_MS} ms`)
        waiter.refuse(new DatabaseFailure('unavailable', late))
      }
      const timer = setTimeout(giveUp, LONGEST_WAIT_MS)
      this.#waiting.add(waiter)
      this.#ask()
    })
  }

  /** A connection of this line is back in its pool. */
  returned(): void {
    this.#out--
    this.#signs++
    this.#ask()
  }

  #ask(): void {
    if (this.#asked >= Math.min(this.#waiting.size, MOST_ASKED)) return
    this.#asked++
    const signs = this.#signs
    let isAsked = true
    const answered = () => {
      clearTimeout(timer)
      if (isAsked) this.#asked--
      isAsked = false
    }
    // A pool may forget whom it owes a connection when all it had were ended.
    const timer = setTimeout(() => {
      answered()
      this.#ask()
    }, LONGEST_WAIT_MS)
    this.#connect().then(
      (connection) => {
        answered()
        this.#give(connection)
        this.#ask()
      },
      (error: unknown) => {
        answered()
        // Where the server lets in no more of us, those who are in are waited for.
        if (this.#out === 0 && this.#signs === signs) this.#refuseFirst(error)
        if (this.#out === 0) this.#ask()
      },
    )
  }

  #give(connection: C): void {
    const [first] = this.#waiting
    // Nobody waits for it any more: it is somebody else's.
    if (first === undefined) return this.#release(connection)
    this.#out++
    this.#signs++
    first.take(connection)
  }

  #refuseFirst(error: unknown): void {
    const [first] = this.#waiting
    first?.refuse(new DatabaseFailure('unavailable', error))
  }
}
