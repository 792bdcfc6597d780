import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

const RANDOM_BYTES = 16
const POOL = 256 * RANDOM_BYTES
/**
 * Makes UUIDv7 (RFC 9562), each later than the one before it: a counter orders those of one millisecond (method 1). Asking the system for randomness costs more than all
 * the rest, so it is asked rarely.
 */
export function idMaker(): () => string {
  const pool = new Uint8Array(POOL)
  let next = POOL
  let msecs = 0
  let seq = 0
  const rng = () => {
    if (next === POOL) {
      randomFillSync(pool)
      next = 0
    }
    next += RANDOM_BYTES
    return pool.subarray(next - RANDOM_BYTES, next)
  }
  return () => {
    const now = Date.now()
    if (now > msecs) {
      msecs = now
      seq = 0
    } else seq++
    return v7({ rng, msecs, seq })
  }
}
