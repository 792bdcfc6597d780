import { expect, test } from 'vitest'
import { findOwn } from '../chats/chat.ts'
import { open } from '../chats/open.ts'
import { type TestEngine, testEngine, user } from '../testing/engine.ts'
import { MessageLog } from './append.ts'
import { userHistory } from './history.ts'
import { read, unreadCount } from './read.ts'

const SAM = { type: 'admin' as const, id: 'sam', name: 'Sam' }

/** A chat with so many replies, as it was looked up then. */
async function answered(engine: TestEngine, replies: number) {
  const { id } = await open(engine, user('alice'))
  const log = new MessageLog(engine, 0)
  const reply = () => log.append(SAM, { chatId: id, content: 'Yes, it is.', clientId: null })
  for (let n = 0; n < replies; n++) await reply()
  const chat = await findOwn(engine.store, 'alice')
  if (chat === undefined) throw new Error('unreachable: it was opened')
  return { chat, reply }
}

test('a reply that comes in between the page and its count is counted with the next page', async () => {
  await using engine = await testEngine()
  const { chat, reply } = await answered(engine, 3)
  const { messages } = await userHistory(engine.store).newest(chat.id, 50)
  await reply()
  expect(await unreadCount(engine.store, chat, messages.at(-1)?.seq ?? 0)).toBe(3)
})

test('what is read on another screen while a chat is opened is not unread on this one', async () => {
  await using engine = await testEngine()
  const { chat } = await answered(engine, 3)
  await read(engine, chat.id, 2)
  const { messages } = await userHistory(engine.store).newest(chat.id, 50)
  expect(messages.filter(({ read_at }) => read_at === null)).toHaveLength(1)
  expect(await unreadCount(engine.store, chat, 3)).toBe(1)
})
