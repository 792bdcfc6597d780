import { sql } from 'kysely'
import { test } from 'vitest'
import { noticesSince, revocation } from '../store/notices.ts'
import { testEngine } from '../testing/engine.ts'
import { waited } from '../testing/waited.ts'
import { NoticeKeeper } from './notice-keeper.ts'

const BEFORE = '2000-01-01T00:00:00.000000Z'

test('[P7] a sign-out while the database can store nothing is kept for other desks when it can again', async () => {
  await using engine = await testEngine()
  const { store } = engine
  const keeper = new NoticeKeeper({ ...engine, hasOtherDesks: true })
  const rename = (from: string, to: string) =>
    sql.raw(`alter table ${from} rename to ${to}`).execute(store.db)
  await rename('support_notices', 'away')
  keeper.keep(revocation('1', { id: 'alice' }))
  keeper.keep(revocation('2', { session: 'sam’s' }))
  await sql`select 1`.execute(store.db)
  await rename('away', 'support_notices')
  await waited('both are kept', async () => (await noticesSince(store, BEFORE)).length === 2)
  keeper.keep(revocation('3', { id: 'bob' }))
  // As after an attempt whose answer was lost.
  keeper.keep(revocation('1', { id: 'alice' }))
  await waited('the next one, too', async () => (await noticesSince(store, BEFORE)).length === 3)
  keeper.stop()
})
