import { ADMIN_STREAM } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { MessageLog } from '../messages/append.ts'
import type { Sender } from '../messages/draft.ts'
import { userHistory } from '../messages/history.ts'
import { read, unreadCount } from '../messages/read.ts'
import { noticesSince } from '../store/notices.ts'
import { testEngine, user } from '../testing/engine.ts'
import { inTurn } from '../testing/in-turn.ts'
import { findOwn } from './chat.ts'
import { claimVisitorChat } from './claim.ts'
import { open } from './open.ts'
import { view } from './view.ts'

const guest = { ...user('visitor:1'), role: 'visitor' as const, email: null, name: null }
const alice = user('alice')
const sender: Sender = { type: 'user', name: null }
const sam: Sender = { type: 'admin', id: 'sam', name: 'Sam' }

async function desk() {
  const engine = await testEngine()
  const log = new MessageLog(engine, 0)
  return {
    engine,
    log,
    say: async (who: typeof alice | typeof guest, content: string, clientId: string | null = null) => {
      const chat = await open(engine, who)
      await log.append(sender, { chatId: chat.id, content, clientId })
    },
    reply: async (to: typeof alice | typeof guest, content: string, clientId: string | null = null) => {
      const chat = await open(engine, to)
      await log.append(sam, { chatId: chat.id, content, clientId })
    },
    reads: async (id: string) => {
      const chat = await findOwn(engine.store, id)
      if (chat === undefined) return null
      const { messages } = await userHistory(engine.store).after(chat.id, 0, 100)
      return messages.map(({ seq, content }) => [seq, content])
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
}

test('a visitor who signs in for the first time keeps the chat', async () => {
  await using at = await desk()
  await at.say(guest, 'who are you?')
  await claimVisitorChat(at.engine, guest.id, alice)
  expect(await at.reads('alice')).toEqual([[1, 'who are you?']])
  expect((await findOwn(at.engine.store, 'alice'))?.user_email).toBe('alice@example.com')
  expect(await at.reads(guest.id)).toBeNull()
})

test('a visitor who has a chat as a user finds both in one, in one gapless order, retries once', async () => {
  await using at = await desk()
  await at.say(alice, 'long ago')
  await at.say(guest, 'as a visitor', 'v-1')
  await at.say(guest, 'and again', 'v-2')
  await at.say(alice, 'and again', 'v-2')
  await claimVisitorChat(at.engine, guest.id, alice)
  await claimVisitorChat(at.engine, guest.id, alice)
  expect(await at.reads('alice')).toEqual([
    [1, 'long ago'],
    [2, 'and again'],
    [3, 'as a visitor'],
  ])
  const chat = await findOwn(at.engine.store, 'alice')
  expect(chat).toMatchObject({ last_seq: 3, last_user_seq: 3 })
  const admins = at.engine.events.filter(({ stream }) => stream === ADMIN_STREAM)
  expect(admins.at(-1)?.event.type).toBe('chat_removed')
})

test('[P7] that the visitor is nobody any more is committed with the claim, and told under the same id', async () => {
  await using at = await desk()
  await at.say(guest, 'who are you?')
  const engine = { ...at.engine, hasOtherDesks: true }
  await claimVisitorChat(engine, guest.id, alice)
  const kept = await noticesSince(engine.store, '2000-01-01T00:00:00.000000Z')
  expect(kept).toMatchObject([{ event: { type: 'revoked', id: guest.id, notice: kept[0]?.id } }])
  expect(at.engine.events.map(({ event }) => event)).toContainEqual(kept[0]?.event)
})

test.each(['for the first time', 'again'])(
  '[P1] two tabs that sign a visitor in %s at the same moment lose nothing',
  async (which) => {
    await using at = await desk()
    if (which === 'again') await at.say(alice, 'long ago', 'a-1')
    await at.say(guest, 'hello', 'v-1')
    await at.say(guest, 'anybody there?')
    await Promise.all([1, 2, 3].map(() => claimVisitorChat(at.engine, guest.id, alice)))
    const texts = which === 'again' ? ['long ago', 'hello', 'anybody there?'] : ['hello', 'anybody there?']
    expect(await at.reads('alice')).toEqual(texts.map((text, index) => [index + 1, text]))
  },
)

test('the admins hear of a claimed chat as it is, not as it was before the last message', async () => {
  await using at = await desk()
  await at.say(guest, 'hello')
  const { engine, log } = at
  const { id: chatId } = await open(engine, guest)
  const done = await inTurn(
    engine,
    chatId,
    () => claimVisitorChat(engine, guest.id, alice),
    () => log.append(sender, { chatId, content: 'one more thing', clientId: null }),
  )
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  const events = engine.events.map(({ event }) => event)
  const counts = events.flatMap((event) => {
    if (event.type === 'chat_updated') return [event.chat.message_count]
    return event.type === 'new_user_message' ? [event.message.seq] : []
  })
  expect(counts).toEqual(counts.toSorted())
  expect(events.at(-1)).toMatchObject({ type: 'new_user_message', user_email: alice.email })
})

test('[P1] a reply is stored in a chat that goes over to a known user at the same moment', async () => {
  await using at = await desk()
  await at.say(guest, 'hello')
  const { engine, log } = at
  const { id: chatId } = await open(engine, guest)
  const stamps = { created_at: '2026-01-29T09:00:00.000000Z', updated_at: '2026-01-29T09:00:00.000000Z' }
  const known = { external_id: alice.id, email: alice.email, name: alice.name, ...stamps }
  await engine.store.db
    .insertInto('support_users')
    .values({ id: engine.newId(), ...known })
    .execute()
  const done = await inTurn(
    engine,
    chatId,
    () => claimVisitorChat(engine, guest.id, alice),
    () => log.append(sam, { chatId, content: 'how can I help?', clientId: null }),
  )
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  expect(await at.reads('alice')).toEqual([
    [1, 'hello'],
    [2, 'how can I help?'],
  ])
})

test('[P5] what was read as a visitor stays read, what was not stays unread', async () => {
  await using at = await desk()
  await at.say(alice, 'long ago')
  await view(at.engine, (await open(at.engine, alice)).id)
  await at.say(guest, 'hello')
  await at.reply(guest, 'how can I help?')
  await read(at.engine, (await open(at.engine, guest)).id)
  await view(at.engine, (await open(at.engine, guest)).id)
  await at.reply(guest, 'still there?')
  await claimVisitorChat(at.engine, guest.id, alice)
  const chat = await open(at.engine, alice)
  expect(chat).toMatchObject({ last_seq: 4, user_read_seq: 3, last_user_seq: 2, admin_viewed_seq: 3 })
  expect(await unreadCount(at.engine.store, chat, chat.last_seq)).toBe(1)
})

test('[P5] an unread reply of the user’s own chat keeps the visitor’s messages after it unread', async () => {
  await using at = await desk()
  await at.say(alice, 'long ago')
  await at.reply(alice, 'an answer nobody has read')
  await at.say(guest, 'hello')
  await at.reply(guest, 'how can I help?')
  await read(at.engine, (await open(at.engine, guest)).id)
  await claimVisitorChat(at.engine, guest.id, alice)
  const chat = await open(at.engine, alice)
  const { messages } = await userHistory(at.engine.store).after(chat.id, 0, 10)
  expect(await unreadCount(at.engine.store, chat, chat.last_seq)).toBe(2)
  expect(messages.map(({ read_at }) => read_at)).toEqual([null, null, null, null])
})

test('[P3] a client_id that both chats know loses nothing unless it is the very same message', async () => {
  await using at = await desk()
  await at.say(alice, 'from the user', '1')
  await at.say(guest, 'from the visitor', '1')
  await at.reply(alice, 'to the user', 'same')
  await at.reply(guest, 'to the visitor', 'same')
  await claimVisitorChat(at.engine, guest.id, alice)
  expect((await at.reads('alice'))?.map(([, content]) => content)).toEqual([
    'from the user',
    'to the user',
    'from the visitor',
    'to the visitor',
  ])
})
