import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { list } from '../chats/list.ts'
import { preview } from '../messages/draft.ts'
import { search } from '../search/search.ts'
import { type TestEngine, testEngine } from '../testing/engine.ts'
import { seedDesk } from './seed.ts'

const PLAN = { users: 300, messages: 5_000, seed: 7, until: Date.parse('2026-11-26T00:00:00Z') }

async function seeded(plan = PLAN): Promise<TestEngine> {
  const engine = await testEngine()
  await seedDesk(engine.store, plan, () => {})
  return engine
}

async function rows({ store }: TestEngine) {
  const users = await store.db.selectFrom('support_users').selectAll().orderBy('external_id').execute()
  const chats = await store.db.selectFrom('support_chats').selectAll().orderBy('id').execute()
  const messages = await store.db.selectFrom('support_messages').selectAll().orderBy('position').execute()
  return { users, chats, messages }
}

test('a seeded desk keeps every rule of the model', async () => {
  await using engine = await seeded()
  const { users, chats, messages } = await rows(engine)
  expect([users.length, chats.length, messages.length]).toEqual([300, 300, 5_000])
  const byChat = Map.groupBy(messages, ({ chat_id }) => chat_id)
  for (const chat of chats) {
    const own = byChat.get(chat.id) ?? []
    const last = own.at(-1)
    expect(own.map(({ seq }) => seq)).toEqual(own.map((_, index) => index + 1))
    const times = own.map(({ created_at }) => created_at)
    expect(times).toEqual([...new Set(times)].toSorted())
    expect(chat).toMatchObject({
      last_seq: own.length,
      last_user_seq: own.findLast(({ sender_type }) => sender_type === 'user')?.seq ?? 0,
      last_message_at: last?.created_at ?? null,
      last_message_sender: last?.sender_type ?? null,
      last_message_preview: last === undefined ? null : preview(last.content),
    })
    expect(Math.max(chat.admin_viewed_seq, chat.user_read_seq)).toBeLessThanOrEqual(chat.last_seq)
    for (const { sender_type, seq, read_at, created_at } of own) {
      expect(read_at !== null).toBe(sender_type === 'admin' && seq <= chat.user_read_seq)
      if (read_at !== null) expect(read_at > created_at).toBe(true)
    }
    if (chat.archived_at !== null) expect(chat.archived_at > (last?.created_at ?? '')).toBe(true)
  }
  // The others refuse such a row at once.
  if (engine.store.dialect.name !== 'sqlite') return
  const broken = await sql`pragma foreign_key_check`.execute(engine.store.db)
  expect(broken.rows).toEqual([])
})

test('a seeded desk looks like one: a year of short and long chats, of all kinds, in eight languages', async () => {
  await using engine = await seeded()
  const { users, chats, messages } = await rows(engine)
  expect(new Set(users.map(({ locale }) => locale)).size).toBe(8)
  expect(users.some(({ external_id }) => external_id.startsWith('visitor:'))).toBe(true)
  const share = (count: number) => count / chats.length
  expect(share(chats.filter(({ archived }) => archived === 1).length)).toBeGreaterThan(0.3)
  expect(chats.some((chat) => chat.last_user_seq > chat.admin_viewed_seq)).toBe(true)
  expect(chats.some(({ last_message_sender }) => last_message_sender === 'admin')).toBe(true)
  expect(Math.max(...chats.map(({ last_seq }) => last_seq))).toBeGreaterThan(50)
  expect(new Set(messages.map(({ sender_name }) => sender_name)).size).toBeGreaterThan(50)
  const times = messages.map(({ created_at }) => created_at)
  expect(times[0]?.slice(0, 7)).toBe('2025-11')
  expect(times.at(-1)?.slice(0, 7)).toBe('2026-11')
  expect((await list(engine.store, { archived: false, limit: 50, cursor: null })).items).toHaveLength(50)
  for (const typed of ['refund', '退款', 'طلبي', 'schöne grüße', '返金']) {
    const { hits } = await search(engine.store, { typed, limit: 5, cursor: null })
    expect([typed, hits.length]).toEqual([typed, 5])
  }
})

test('the same seed makes the same desk, another one another', async () => {
  await using one = await seeded()
  await using same = await seeded()
  await using other = await seeded({ ...PLAN, seed: 8 })
  expect(await rows(same)).toEqual(await rows(one))
  expect((await rows(other)).messages[0]).not.toEqual((await rows(one)).messages[0])
})

test('there can be more users than messages', async () => {
  await using engine = await seeded({ ...PLAN, users: 200, messages: 20 })
  const { chats, messages } = await rows(engine)
  expect([chats.length, messages.length]).toEqual([200, 20])
})
