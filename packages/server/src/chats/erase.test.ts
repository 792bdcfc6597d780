import { type KyselyPlugin, sql } from 'kysely'
import { expect, test } from 'vitest'
import { Removals } from '../delivery/removals.ts'
import { MessageLog } from '../messages/append.ts'
import type { Sender } from '../messages/draft.ts'
import { RetryGate } from '../messages/erased.ts'
import { userHistory } from '../messages/history.ts'
import { noticesSince } from '../store/notices.ts'
import { type TestEngine, testEngine, user } from '../testing/engine.ts'
import { inTurn } from '../testing/in-turn.ts'
import { findOwn } from './chat.ts'
import { claimVisitorChat } from './claim.ts'
import { erase } from './erase.ts'
import { open, openToSend } from './open.ts'

const alice = user('alice')
const guest = { ...user('visitor:1'), role: 'visitor' as const, email: null, name: null }
const sam: Sender = { type: 'admin', id: 'sam', name: 'Sam' }

async function desk() {
  const engine = await testEngine()
  const log = new MessageLog(engine, 0)
  return {
    engine,
    log,
    /** Sends as the door for POST does. */
    say: async (who: typeof alice | typeof guest, content: string, clientId: string | null = null) => {
      const { id: chatId } = await openToSend(engine, who, clientId)
      const { message } = await log.append({ type: 'user', name: who.name }, { chatId, content, clientId })
      return message
    },
    reply: async (to: typeof alice, content: string) => {
      const { id: chatId } = await open(engine, to)
      await log.append(sam, { chatId, content, clientId: null })
    },
    reads: async (id: string) => {
      const chat = await findOwn(engine.store, id)
      if (chat === undefined) return null
      const { messages } = await userHistory(engine.store).after(chat.id, 0, 1_000)
      return messages.map(({ seq, content }) => [seq, content])
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
}

/** Every row of every table, as text. */
async function everything({ store }: TestEngine): Promise<string> {
  const all = await store.db.introspection.getTables()
  // The search index itself cannot be listed; the tables that it is made of can.
  const isListed = (name: string) => store.dialect.fullText !== 'fts5' || !name.endsWith('_words')
  const tables = all.filter(({ name }) => isListed(name))
  const rows = await Promise.all(
    tables.map(async ({ name }) => (await sql`select * from ${sql.table(name)}`.execute(store.db)).rows),
  )
  return JSON.stringify(rows)
}

const ERASED = { code: 'conflict', message: 'This message was erased or has moved.' }

test('nothing of an erased user is left in any table', async () => {
  await using at = await desk()
  const bob = user('bob')
  await at.say(bob, 'I stay')
  const message = await at.say(alice, 'my address is 5 Fern Lane', 'alice-1')
  await at.reply(alice, 'thank you, Alice')
  const chat = await open(at.engine, alice)
  expect(await erase(at.engine, 'alice')).toBe(true)

  const left = await everything(at.engine)
  const traces = ['alice', 'Alice', 'Fern Lane', chat.id, chat.user_id, message.id]
  expect(traces.filter((trace) => left.includes(trace))).toEqual([])
  expect(await at.reads('bob')).toEqual([[1, 'I stay']])
  expect(at.engine.events.at(-1)?.event).toEqual({ type: 'chat_removed', chat_id: chat.id })
})

test('erasing someone unknown, or a second time, changes nothing and tells nobody', async () => {
  await using at = await desk()
  expect(await erase(at.engine, 'nobody')).toBe(false)
  await at.say(alice, 'hello', 'a-1')
  const answers = await Promise.all([1, 2, 3].map(() => erase(at.engine, 'alice')))
  expect(answers.filter((wasKnown) => wasKnown)).toHaveLength(1)
  expect(at.engine.events.filter(({ event }) => event.type === 'chat_removed')).toHaveLength(1)
})

test('[P7] what an erasure means for other desks is committed with it, and told under the same id', async () => {
  await using at = await desk()
  const { id: chatId } = await open(at.engine, alice)
  const engine = { ...at.engine, hasOtherDesks: true }
  await erase(engine, 'alice')
  // What is there if the desk ends before it tells anyone.
  const kept = await noticesSince(engine.store, '2000-01-01T00:00:00.000000Z')
  const [revoked] = kept.filter(({ event }) => event.type === 'revoked')
  expect(kept.map(({ event }) => event)).toHaveLength(2)
  expect(kept.map(({ event }) => event)).toEqual(
    expect.arrayContaining([
      { type: 'revoked', id: 'alice', notice: revoked?.id },
      { type: 'chat_removed', chat_id: chatId },
    ]),
  )
  expect(at.engine.events.map(({ event }) => event)).toContainEqual(revoked?.event)
})

test('[P7] erasing someone unknown sends them away all the same: another process may have erased them', async () => {
  await using at = await desk()
  const engine = { ...at.engine, hasOtherDesks: true }
  await erase(engine, 'nobody')
  const kept = await noticesSince(engine.store, '2000-01-01T00:00:00.000000Z')
  expect(kept).toMatchObject([{ event: { type: 'revoked', id: 'nobody' } }])
  expect(at.engine.events).toMatchObject([{ event: { type: 'revoked', id: 'nobody' } }])
})

test('a late retry of anything that was erased brings back neither the message nor the chat', async () => {
  await using at = await desk()
  const ids = Array.from({ length: 150 }, (_, index) => `a-${index}`)
  await Promise.all(ids.map((id) => at.say(alice, id, id)))
  await erase(at.engine, 'alice')
  for (const id of ids) await expect(at.say(alice, id, id)).rejects.toMatchObject(ERASED)
  await expect(at.say(alice, 'another content', 'a-7')).rejects.toMatchObject(ERASED)
  expect(await everything(at.engine)).not.toContain('alice')
  // The ids of others are their own.
  expect((await at.say(user('bob'), 'hello', 'a-1')).seq).toBe(1)
})

test('whoever writes anew after an erasure begins a new chat, in which the old retries are refused', async () => {
  await using at = await desk()
  await at.say(alice, 'long ago', 'a-1')
  await erase(at.engine, 'alice')
  expect((await at.say(alice, 'good morning', 'a-2')).seq).toBe(1)
  await expect(at.say(alice, 'long ago', 'a-1')).rejects.toMatchObject(ERASED)
  expect((await at.say(alice, 'anyone?', null)).seq).toBe(2)
  expect(await at.reads('alice')).toEqual([
    [1, 'good morning'],
    [2, 'anyone?'],
  ])
  await erase(at.engine, 'alice')
  for (const id of ['a-1', 'a-2']) await expect(at.say(alice, 'x', id)).rejects.toMatchObject(ERASED)
})

test('what a desk of an older version let through can be erased again', async () => {
  await using at = await desk()
  await at.say(alice, 'hello', 'a-1')
  await erase(at.engine, 'alice')
  const { id: chatId } = await open(at.engine, alice)
  await at.log.append({ type: 'user', name: null }, { chatId, content: 'hello', clientId: 'a-1' })
  expect(await erase(at.engine, 'alice')).toBe(true)
  await expect(at.say(alice, 'hello', 'a-1')).rejects.toMatchObject(ERASED)
})

test('a message that waits for its turn while its chat is erased finds no chat', async () => {
  await using at = await desk()
  await at.say(alice, 'hello', 'a-1')
  const { id: chatId } = await open(at.engine, alice)
  const [erased, said] = await inTurn(
    at.engine,
    chatId,
    () => erase(at.engine, 'alice'),
    () => at.log.append({ type: 'user', name: null }, { chatId, content: 'and', clientId: 'a-2' }),
  )
  expect(erased).toMatchObject({ value: true })
  expect(said).toMatchObject({ reason: { code: 'not_found' } })
  expect(await everything(at.engine)).not.toContain('alice')
  // As the hub passes them on, in whichever order the two were told.
  const removals = new Removals()
  const heard = at.engine.events.filter((event) => removals.allows({ ...event, at: 0 }))
  expect(heard.at(-1)?.event.type).toBe('chat_removed')
})

test('nobody is told the new name of someone who is erased at that moment', async () => {
  await using at = await desk()
  await at.say(alice, 'hello')
  await Promise.all([open(at.engine, { ...alice, name: 'Alice B' }), erase(at.engine, 'alice')])
  // As the hub passes them on, in whichever order the two were told.
  const removals = new Removals()
  const heard = at.engine.events.filter((event) => removals.allows({ ...event, at: 0 }))
  expect(heard.at(-1)?.event.type).toBe('chat_removed')
})

test('a visitor can be erased', async () => {
  await using at = await desk()
  await at.say(guest, 'who are you?', 'v-1')
  expect(await erase(at.engine, guest.id)).toBe(true)
  expect(await everything(at.engine)).not.toContain('visitor')
  await expect(at.say(guest, 'who are you?', 'v-1')).rejects.toMatchObject(ERASED)
  expect(await at.reads(guest.id)).toBeNull()
})

test.each(['who had no chat', 'who had a chat'])(
  '[P3] what a visitor sent before signing in as a user %s is not stored again by a late retry of the visitor',
  async (which) => {
    await using at = await desk()
    if (which === 'who had a chat') await at.say(alice, 'long ago', 'a-1')
    await at.say(guest, 'my address is 5 Fern Lane', 'v-1')
    await claimVisitorChat(at.engine, guest.id, alice)
    await expect(at.say(guest, 'my address is 5 Fern Lane', 'v-1')).rejects.toMatchObject(ERASED)
    expect(await at.reads(guest.id)).toBeNull()
    await erase(at.engine, 'alice')
    for (const who of [guest, alice]) {
      await expect(at.say(who, 'my address is 5 Fern Lane', 'v-1')).rejects.toMatchObject(ERASED)
    }
    expect(await everything(at.engine)).not.toMatch(/alice|visitor|Fern Lane/)
  },
)

test('a connection asks whether anything was erased once, and looks up each retry only if so', async () => {
  await using at = await desk()
  await at.say(alice, 'hello', 'a-1')
  const { store } = at.engine
  let asked = 0
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      asked++
      return result
    },
  }
  const counting = { ...store, db: store.db.withPlugin(counter) }
  const before = new RetryGate(counting, 'alice')
  for (const id of ['a-1', 'a-2', 'a-3', null]) await before.pass(id)
  expect(asked).toBe(1)
  await erase(at.engine, 'alice')
  const after = new RetryGate(counting, 'alice')
  await expect(after.pass('a-1')).rejects.toMatchObject(ERASED)
  await after.pass('a-2')
  await after.pass(null)
  expect(asked).toBe(1 + 1 + 2)
})
