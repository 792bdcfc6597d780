import { DatabaseFailure } from './failure.ts'

/** Who waits longer for a connection is turned away, so that whoever asked has an answer within seconds. */
const LONGEST_WAIT_MS = 3_000
const MOST_WAITING = 1_000

/** Waits for connections of a pool: not for ever, and not with everyone. */
export class WaitingLine<C> {
  readonly #connect: () => Promise<C>
  readonly #release: (connection: C) => void
  #waiting = 0

  constructor(connect: () => Promise<C>, release: (connection: C) => void) {
    this.#connect = connect
    this.#release = release
  }

  /** A connection of the pool. Throws `unavailable` when there is none soon. */
  async next(): Promise<C> {
    if (this.#waiting >= MOST_WAITING) throw new DatabaseFailure('unavailable', new Error('too many wait'))
    this.#waiting++
    let timer: NodeJS.Timeout | undefined
    let isLate = false
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isLate = true
        reject(new Error(`no connection within ${LONGEST_WAIT_MS} ms`))
      }, LONGEST_WAIT_MS)
    })
    const connected = this.#connect()
    // One that comes after all is somebody else's.
    connected.then(
      (connection) => isLate && this.#release(connection),
      () => {},
    )
    try {
      return await Promise.race([connected, late])
    } catch (error) {
      throw new DatabaseFailure('unavailable', error)
    } finally {
      clearTimeout(timer)
      this.#waiting--
    }
  }
}
