import type { Transaction } from 'kysely'
import { DatabaseFailure } from './failure.ts'
import type { Database } from './schema.ts'
import type { Store } from './store.ts'

const ATTEMPTS = 6
const LEAST_PAUSE_MS = 10
/** Whoever asked has given up soon after, or asks again by then. */
const LONGEST_MS = 3_000

/**
 * Runs `work` in a transaction, and whole once more when it collided with another one or its connection was lost: it may
 * be committed already when it runs again, and has to find that out under its locks. What it throws is thrown.
 */
export async function transaction<T>(
  { db }: Pick<Store, 'db'>,
  work: (trx: Transaction<Database>, attempt: number) => Promise<T>,
): Promise<T> {
  const startedAt = performance.now()
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute((trx) => work(trx, attempt))
    } catch (error) {
      const isOver = attempt === ATTEMPTS || performance.now() - startedAt > LONGEST_MS
      if (isOver || !isWorthRepeating(error)) throw error
      await pause(attempt)
    }
  }
}

function isWorthRepeating(error: unknown): boolean {
  return error instanceof DatabaseFailure && error.kind !== 'unavailable'
}

/** Longer each time and never the same for two, so that those who collided do not collide again. */
function pause(attempt: number): Promise<void> {
  const ms = LEAST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random())
  return new Promise((resolve) => setTimeout(resolve, ms))
}
