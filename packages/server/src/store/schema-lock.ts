import { type Kysely, sql } from 'kysely'
import type { Store } from './store.ts'
import { unhurried } from './unhurried.ts'

/** Someone else's migration is waited for this long. */
const LONGEST_WAIT_S = 600

/** Does something to the schema while nobody else does: of several desks that start at once, one after the other. */
export async function alone<T>(store: Store, work: (db: Kysely<never>) => Promise<T>): Promise<T> {
  const { db, dialect, prefix } = unhurried(store)
  const name = `deskbell ${prefix}`
  switch (dialect.schemaLock) {
    case 'transaction':
      return await db.transaction().execute(async (trx) => await work(untyped(trx)))
    case 'advisory':
      return await db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(hashtext(${name}))`.execute(trx)
        return await work(untyped(trx))
      })
    case 'named':
      return await db.connection().execute(async (connection) => {
        const lock = sql<{ taken: number }>`select get_lock(${name}, ${LONGEST_WAIT_S}) as taken`
        const { rows } = await lock.execute(connection)
        if (Number(rows[0]?.taken) !== 1)
          throw new Error('another desk has been changing the schema for too long')
        try {
          return await work(untyped(connection))
        } finally {
          await sql`select release_lock(${name})`.execute(connection)
        }
      })
  }
}

// Migrations speak of tables as they were then, not of what they have become.
function untyped(db: unknown): Kysely<never> {
  return db as Kysely<never>
}
