import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { open } from '../chats/open.ts'
import { testEngine, user } from '../testing/engine.ts'
import { openStore } from './store.ts'

test('[P1] the embedded database is opened with durable settings', async () => {
  await using engine = await testEngine()
  const pragma = async (name: string) =>
    Object.values((await sql.raw(`pragma ${name}`).execute(engine.store.db)).rows[0] as object)[0]
  expect(await pragma('journal_mode')).toBe('wal')
  expect(await pragma('synchronous')).toBe(2) // FULL
  expect(await pragma('foreign_keys')).toBe(1)
  expect(await pragma('busy_timeout')).toBe(5_000)
})

test.each(['', 'sqlite:', 'oracle://db', 'desk.db'])('the address %j names no database', (url) => {
  expect(() => openStore(url)).toThrow(/^DATABASE_URL must/)
})

test('a transaction that fails leaves nothing behind, and the next one works', async () => {
  await using engine = await testEngine()
  const chat = await open(engine, user('alice'))
  const { db } = engine.store
  const broken = db.transaction().execute(async (trx) => {
    await trx.updateTable('support_chats').set({ last_seq: 7 }).where('id', '=', chat.id).execute()
    await sql`select * from nowhere`.execute(trx)
  })
  await expect(broken).rejects.toThrow('no such table')
  expect((await open(engine, user('alice'))).last_seq).toBe(0)
})

test('what is asked while a transaction runs waits for its end, in the order of asking', async () => {
  await using engine = await testEngine()
  const { db } = engine.store
  const order: string[] = []
  const first = db.transaction().execute(async (trx) => {
    await sql`select 1`.execute(trx)
    await new Promise((resolve) => setImmediate(resolve))
    order.push('first')
  })
  const others = ['second', 'third', 'fourth'].map(async (name, index) => {
    if (index === 1) await db.transaction().execute(async () => void order.push(name))
    else {
      await sql`select 1`.execute(db)
      order.push(name)
    }
  })
  await Promise.all([first, ...others])
  expect(order).toEqual(['first', 'second', 'third', 'fourth'])
})

test('a row that belongs to nobody is refused', async () => {
  await using engine = await testEngine()
  const at = '2026-01-29T10:00:00.000000Z'
  const stray = engine.store.db
    .insertInto('support_chats')
    .values({
      ...{ id: 'c', user_id: 'nobody', created_at: at, updated_at: at },
      ...{ last_seq: 0, last_user_seq: 0, admin_viewed_seq: 0, user_read_seq: 0 },
    })
    .execute()
  await expect(stray).rejects.toThrow('FOREIGN KEY')
})
