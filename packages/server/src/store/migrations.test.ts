import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { open } from '../chats/open.ts'
import { search } from '../search/search.ts'
import { testEngine, user } from '../testing/engine.ts'
import { migrate } from './migrations.ts'
import { openStore } from './store.ts'

const schemaOf = async (store: ReturnType<typeof openStore>) =>
  (await sql<{ sql: string }>`select sql from sqlite_master order by name`.execute(store.db)).rows

test('migrating again changes nothing and keeps what is there', async () => {
  await using engine = await testEngine()
  const chat = await open(engine, user('alice'))
  const before = await schemaOf(engine.store)
  expect(await migrate(engine.store)).toEqual([])
  expect(await schemaOf(engine.store)).toEqual(before)
  expect((await open(engine, user('alice'))).id).toBe(chat.id)
})

test('several processes that start at once migrate once', async () => {
  await using engine = await testEngine()
  const url = engine.url.replace('desk.db', 'fresh.db')
  const applied = await Promise.all([1, 2, 3].map(() => migratedByProcess(url)))
  expect(applied.flat()).toEqual([
    '0001_chats',
    '0002_admins',
    '0003_erasure',
    '0004_traits',
    '0005_search',
    '0006_mail',
    '0007_unread',
    '0008_desks',
  ])
})

test('an older database is found through as soon as it is migrated, and still is after a vacuum', async () => {
  await using engine = await testEngine()
  const store = openStore(engine.url.replace('desk.db', 'older.db'))
  await migrate(store, '0004_traits')
  const at = '2026-01-29T10:00:00.000000Z'
  const stamps = { created_at: at, updated_at: at }
  const counts = { last_seq: 2, last_user_seq: 2, admin_viewed_seq: 0, user_read_seq: 0 }
  for (const name of ['alice', 'bob', 'carol']) {
    const person = {
      external_id: name,
      email: `${name}@example.com`,
      name: null,
      traits: null,
      unsubscribed_at: null,
    }
    await store.db
      .insertInto('support_users')
      .values({ id: name, ...person, ...stamps })
      .execute()
    await store.db
      .insertInto('support_chats')
      .values({ id: name, user_id: name, ...counts, ...stamps })
      .execute()
    const sender = { sender_type: 'user' as const, sender_id: 'user', sender_name: null, read_at: null }
    const message = { chat_id: name, client_id: null, ...sender, ...stamps }
    for (const [seq, content] of [`hello from ${name}`, 'a needle'].entries()) {
      const row = { id: `${name}-${seq}`, seq: seq + 1, content, ...message }
      await store.db.insertInto('support_messages').values(row).execute()
    }
  }
  await store.db.deleteFrom('support_messages').where('id', '=', 'alice-0').execute()
  await migrate(store)
  const found = async (typed: string) => {
    const { hits } = await search(store, { typed, limit: 10, cursor: null })
    return hits.map(({ chat, matches }) => [chat.id, matches[0]?.excerpt])
  }
  const needles = ['carol', 'bob', 'alice'].map((id) => [id, 'a needle'])
  expect(await found('needle')).toEqual(needles)
  expect(await found('"hello from"')).toEqual(['carol', 'bob'].map((id) => [id, `hello from ${id}`]))
  await sql`vacuum`.execute(store.db)
  expect(await found('needle')).toEqual(needles)
  expect(await found('bob@example.com')).toEqual([['bob', 'bob@example.com']])
  await store.close()
})

test('the keys of the contract are there', async () => {
  await using engine = await testEngine()
  const { rows } = await sql<{ columns: string; is_unique: number }>`
    select (select group_concat(info.name, ',') from pragma_index_info(list.name) as info) as columns,
      list."unique" as is_unique
    from sqlite_master as tables, pragma_index_list(tables.name) as list
    where tables.name in ('support_users', 'support_chats', 'support_messages')`.execute(engine.store.db)
  const keys = rows.map(({ columns, is_unique }) => `${is_unique === 1 ? 'unique ' : ''}${columns}`)
  expect(keys).toEqual(
    expect.arrayContaining([
      'unique external_id',
      'unique user_id',
      'unique chat_id,seq',
      'unique client_id,chat_id,sender_type,sender_id',
      'archived,last_message_at,id',
    ]),
  )
})

async function migratedByProcess(url: string): Promise<string[]> {
  const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href)
  const script = `
    const { openStore } = await import(${here('./store.ts')})
    const { migrate } = await import(${here('./migrations.ts')})
    console.log(JSON.stringify(await migrate(openStore(${JSON.stringify(url)}))))`
  const args = ['--conditions=source', '--input-type=module', '-e', script]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout) as string[]
}
