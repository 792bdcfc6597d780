import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { userHistory } from '../messages/history.ts'
import { search } from '../search/search.ts'
import { seedDesk } from '../seed/seed.ts'
import { migrate } from '../store/migrations.ts'
import { openStore, type Store } from '../store/store.ts'
import { testEngine } from '../testing/engine.ts'
import { CopyError, copyDesk, countRows } from './copy.ts'

const PLAN = { users: 30, messages: 1_200, seed: 7, until: Date.parse('2026-11-26T00:00:00Z') }

/** A desk on the embedded database, in memory. */
async function embedded(plan: typeof PLAN | null): Promise<Store> {
  const store = openStore('sqlite::memory:')
  await migrate(store)
  if (plan !== null) await seedDesk(store, plan, () => {})
  return store
}

test('a desk moves to this database and back, and an interrupted move goes on where it was', async () => {
  const from = await embedded(PLAN)
  await using engine = await testEngine()
  const { store } = engine
  const steps: number[] = []
  const interrupted = copyDesk(from, store, (rows) => {
    if (steps.push(rows) === 4) throw new Error('the power is gone')
  })
  await expect(interrupted).rejects.toThrow('the power is gone')
  const copied = await copyDesk(from, store, (rows) => void steps.push(rows))
  expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  expect(steps.at(-1)).toBe(await countRows(from))
  expect(copied.map(({ name, rows }) => [name, rows])).toContainEqual(['support_messages', 1_200])

  const [chat] = await from.db.selectFrom('support_chats').selectAll().orderBy('last_seq', 'desc').execute()
  const history = (on: Store) => userHistory(on).after(chat?.id ?? '', 0, 200)
  expect(await history(store)).toEqual(await history(from))
  const found = async (on: Store) => (await search(on, { typed: 'refund', limit: 50, cursor: null })).hits
  expect(await found(store)).toEqual(await found(from))

  const back = await embedded(null)
  expect(await copyDesk(store, back, () => {})).toEqual(copied)
  await from.close()
  await back.close()
})

test('a copy that differs from what was copied is not taken for one', async () => {
  const from = await embedded({ ...PLAN, messages: 60 })
  await using engine = await testEngine()
  await copyDesk(from, engine.store, () => {})
  await sql`update ${sql.table('support_messages')} set content = 'x' where seq = 1`.execute(engine.store.db)
  await expect(copyDesk(from, engine.store, () => {})).rejects.toThrow(CopyError)
  await from.close()
})
