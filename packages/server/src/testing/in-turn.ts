import { sql } from 'kysely'
import { lockChats } from '../chats/change.ts'
import type { Store } from '../store/store.ts'
import type { TestEngine } from './engine.ts'

/** Lets each of these wait for a busy chat, in this order, before the first of them gets it. */
export async function inTurn(
  engine: TestEngine,
  chatId: string,
  ...works: (() => Promise<unknown>)[]
): Promise<PromiseSettledResult<unknown>[]> {
  const { all } = await engine.store.db.transaction().execute(async (trx) => {
    await lockChats(engine, trx, [chatId])
    const all: Promise<unknown>[] = []
    for (const work of works) {
      const result = work()
      result.catch(() => {})
      all.push(result)
      await waits(engine.store, all.length, () => sql`select 1`.execute(trx))
    }
    return { all }
  })
  return await Promise.allSettled(all)
}

/** Resolves when so many wait for a lock; whoever holds it stays busy, or the server would end what idles. */
async function waits({ db, dialect }: Store, count: number, stayBusy: () => Promise<unknown>): Promise<void> {
  if (!dialect.rowLocks) {
    // The one connection is busy: whoever asks for it stands in line.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
    return
  }
  const waiting =
    dialect.name === 'postgres'
      ? sql<{ count: number }>`select count(*) as count from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`
      : sql<{ count: number }>`select count(*) as count from information_schema.innodb_trx
          join information_schema.processlist on processlist.id = trx_mysql_thread_id
          where trx_state = 'LOCK WAIT' and db = database()`
  while (Number((await waiting.execute(db)).rows[0]?.count) < count) {
    // MariaDB tells everyone the same again until nobody has asked for 100 ms, and others ask in turns of their own.
    const pauseMs = dialect.name === 'postgres' ? 20 : 120 + 400 * Math.random()
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    await stayBusy()
  }
}
