import { ADMIN_STREAM, chatStream } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { MessageLog } from '../messages/append.ts'
import type { Sender } from '../messages/draft.ts'
import { userHistory } from '../messages/history.ts'
import { read, unreadCount } from '../messages/read.ts'
import { testEngine, user } from '../testing/engine.ts'
import { archive, restore } from './archive.ts'
import { listItem } from './chat.ts'
import { open } from './open.ts'
import { view } from './view.ts'

const alice: Sender = { type: 'user', name: 'Alice' }
const sam: Sender = { type: 'admin', id: 'sam', name: 'Sam' }

/** A chat in which user and admin have spoken in turns: the odd seqs are the user's. */
async function desk(messages = 6) {
  const engine = await testEngine()
  const { id } = await open(engine, user('alice'))
  const log = new MessageLog(engine, 0)
  const say = (sender: Sender) => log.append(sender, { chatId: id, content: 'hello', clientId: null })
  for (let count = 0; count < messages; count++) await say(count % 2 === 0 ? alice : sam)
  engine.events.length = 0
  return {
    engine,
    id,
    say,
    readAt: async () =>
      (await userHistory(engine.store).newest(id, 50)).messages.map(({ read_at }) => read_at !== null),
    types: () => engine.events.map(({ event }) => event.type),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
}

test('[P5] reading covers the admins’ messages up to the seq that was shown, and no later one', async () => {
  await using at = await desk()
  const chat = await read(at.engine, at.id, 3)
  expect(chat.user_read_seq).toBe(3)
  expect(await at.readAt()).toEqual([false, true, false, false, false, false])
  expect(await unreadCount(at.engine.store, chat, chat.last_seq)).toBe(2)
  expect(at.engine.events).toEqual([
    { stream: chatStream(at.id), event: expect.objectContaining({ type: 'messages_read', through: 3 }) },
  ])
})

test('[P5] reading never goes back, and never beyond what exists', async () => {
  await using at = await desk()
  await read(at.engine, at.id, 4)
  at.engine.events.length = 0
  expect((await read(at.engine, at.id, 2)).user_read_seq).toBe(4)
  expect((await read(at.engine, at.id, 4)).user_read_seq).toBe(4)
  expect(at.engine.events).toEqual([])
  expect((await read(at.engine, at.id, 1_000_000)).user_read_seq).toBe(6)
  await at.say(sam)
  expect(await at.readAt()).toEqual([false, true, false, true, false, true, false])
  expect(at.types()).toContain('messages_read')
})

test('[P5] reading without a seq covers everything committed at that moment', async () => {
  await using at = await desk()
  const [chat, later] = await Promise.all([read(at.engine, at.id), at.say(sam)])
  expect(later.message.seq).toBe(7)
  // Either of them may be first; a message counts as read where it was there.
  expect([6, 7]).toContain(chat.user_read_seq)
  expect((await at.readAt()).at(-1)).toBe(chat.user_read_seq === 7)
})

test('the time of reading stays that of the first reading', async () => {
  await using at = await desk()
  await read(at.engine, at.id, 2)
  const before = (await userHistory(at.engine.store).newest(at.id, 50)).messages[1]?.read_at
  at.engine.clock.advance(60_000)
  await read(at.engine, at.id)
  const { messages } = await userHistory(at.engine.store).newest(at.id, 50)
  expect(messages[1]?.read_at).toBe(before)
  expect(messages[3]?.read_at).not.toBe(before)
})

test('[P5] viewing covers what was shown, moves only forward, and never beyond what exists', async () => {
  await using at = await desk(5)
  const partly = await view(at.engine, at.id, 3)
  expect([partly.admin_viewed_seq, listItem(partly).unread]).toEqual([3, true])
  expect((await view(at.engine, at.id, 1)).admin_viewed_seq).toBe(3)
  const whole = await view(at.engine, at.id, 99)
  expect([whole.admin_viewed_seq, listItem(whole).unread]).toEqual([5, false])
  expect(at.types()).toEqual(['messages_viewed', 'chat_updated', 'messages_viewed', 'chat_updated'])
  await at.say(alice)
  expect(listItem(await view(at.engine, at.id, 5)).unread).toBe(true)
})

test('an empty chat can be read and viewed, which changes nothing', async () => {
  await using at = await desk(0)
  expect(await read(at.engine, at.id)).toMatchObject({ user_read_seq: 0 })
  expect(await view(at.engine, at.id, 7)).toMatchObject({ admin_viewed_seq: 0 })
  expect(at.engine.events).toEqual([])
})

test('archiving and restoring can be repeated; only the first is told', async () => {
  await using at = await desk()
  const first = await archive(at.engine, at.id)
  at.engine.clock.advance(60_000)
  expect((await archive(at.engine, at.id)).archived_at).toBe(first.archived_at)
  await restore(at.engine, at.id)
  expect((await restore(at.engine, at.id)).archived_at).toBeNull()
  expect(at.engine.events.map(({ stream, event }) => [stream, event])).toEqual([
    [ADMIN_STREAM, { type: 'chat_updated', chat: expect.objectContaining({ archived: true }) }],
    [ADMIN_STREAM, { type: 'chat_updated', chat: expect.objectContaining({ archived: false }) }],
  ])
  expect((await userHistory(at.engine.store).newest(at.id, 50)).messages).toHaveLength(6)
})

test.each([
  ['reading', read],
  ['viewing', view],
  ['archiving', archive],
  ['restoring', restore],
] as const)('[P7] %s a chat that does not exist is told as not found', async (_, change) => {
  await using engine = await testEngine()
  await expect(change(engine, 'nowhere')).rejects.toMatchObject({ code: 'not_found' })
})
