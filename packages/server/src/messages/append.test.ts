import { ADMIN_STREAM, chatStream } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { archive } from '../chats/archive.ts'
import { open } from '../chats/open.ts'
import { type TestEngine, testEngine, user } from '../testing/engine.ts'
import { MessageLog } from './append.ts'
import type { Sender } from './draft.ts'
import { userHistory } from './history.ts'

const alice: Sender = { type: 'user', name: 'Alice' }
const sam: Sender = { type: 'admin', id: 'sam', name: 'Sam' }

async function desk() {
  const engine = await testEngine()
  const chat = await open(engine, user('alice'))
  const log = new MessageLog(engine, 0)
  const say = (sender: Sender, content: string, clientId: string | null = null) =>
    log.append(sender, { chatId: chat.id, content, clientId })
  return { engine, chat, log, say, [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose]() }
}

const contents = async (engine: TestEngine, chatId: string) =>
  (await userHistory(engine.store).after(chatId, 0, 1000)).messages.map((message) => message.content)

test('[P2] messages that arrive together get seqs without gaps and times that only grow', async () => {
  await using at = await desk()
  const texts = Array.from({ length: 600 }, (_, index) => `message ${index + 1}`)
  const appended = await Promise.all(texts.map((text, index) => at.say(index % 3 === 0 ? sam : alice, text)))
  expect(appended.map(({ message }) => message.seq)).toEqual(texts.map((_, index) => index + 1))
  expect(await contents(at.engine, at.chat.id)).toEqual(texts)
  const times = appended.map(({ message }) => message.created_at)
  expect(new Set(times).size).toBe(texts.length)
  expect(times.toSorted()).toEqual(times)
})

test('[P2] a clock that goes back does not put a later message before an earlier one', async () => {
  await using at = await desk()
  const first = await at.say(alice, 'before')
  at.engine.clock.advance(-3_600_000)
  const second = await at.say(alice, 'after')
  expect(second.message.created_at > first.message.created_at).toBe(true)
})

test('[P3] a retried message is stored once, in the same batch or in a later one', async () => {
  await using at = await desk()
  const [first, again] = await Promise.all([at.say(alice, 'hello', 'c-1'), at.say(alice, ' hello ', 'c-1')])
  const later = await at.say(alice, 'hello', 'c-1')
  expect([first.repeated, again.repeated, later.repeated]).toEqual([false, true, true])
  expect(again.message).toEqual(first.message)
  expect(later.message).toEqual(first.message)
  expect(await contents(at.engine, at.chat.id)).toEqual(['hello'])
  expect(at.engine.events.filter(({ event }) => event.type === 'new_message')).toHaveLength(1)
})

test('[P3] a client_id with another content is a conflict, another sender’s is not', async () => {
  await using at = await desk()
  await at.say(alice, 'hello', 'c-1')
  await expect(at.say(alice, 'something else', 'c-1')).rejects.toMatchObject({ code: 'conflict' })
  await at.say(sam, 'hello to you', 'c-1')
  expect(await contents(at.engine, at.chat.id)).toEqual(['hello', 'hello to you'])
})

test('[P3] a message that could not be told is stored once all the same', async () => {
  await using at = await desk()
  const publish = () => {
    throw new Error('nobody can be told')
  }
  const log = new MessageLog({ ...at.engine, publish }, 0)
  const draft = { chatId: at.chat.id, content: 'hello', clientId: null }
  const both = [log.append(alice, draft), log.append(alice, draft)]
  expect((await Promise.all(both)).map(({ message }) => message.seq)).toEqual([1, 2])
  expect(await contents(at.engine, at.chat.id)).toEqual(['hello', 'hello'])
})

test('[P8] one message that cannot be stored leaves the others of its batch alone', async () => {
  await using at = await desk()
  const stray = at.log.append(alice, { chatId: 'nowhere', content: 'lost', clientId: null })
  const good = at.say(alice, 'fine')
  await expect(stray).rejects.toMatchObject({ code: 'not_found' })
  expect((await good).message.seq).toBe(1)
})

test.each([
  ['a blank text', ' \n\t ', 'invalid'],
  ['a NUL', 'a\0b', 'invalid'],
  ['a lone surrogate', 'a\ud800b', 'invalid'],
  ['10,001 characters', 'x'.repeat(10_001), 'too_large'],
])('[P8] %s is refused', async (_, content, code) => {
  await using at = await desk()
  await expect(at.say(alice, content)).rejects.toMatchObject({ code })
  expect(await contents(at.engine, at.chat.id)).toEqual([])
})

test('content is kept as sent, less surrounding white space; 10,000 emoji fit', async () => {
  await using at = await desk()
  const long = '😀'.repeat(10_000)
  await at.say(alice, '\n  two\n  lines \n')
  await at.say(alice, long)
  expect(await contents(at.engine, at.chat.id)).toEqual(['two\n  lines', long])
})

test('a user’s message brings an archived chat back, an admin’s does not', async () => {
  await using at = await desk()
  await at.say(alice, 'hello')
  await archive(at.engine, at.chat.id)
  at.engine.events.length = 0
  await at.say(sam, 'closing words')
  expect(at.engine.events.at(-1)?.event).toMatchObject({ type: 'chat_updated', chat: { archived: true } })
  await at.say(alice, 'one more thing')
  expect(at.engine.events.at(-1)).toMatchObject({
    stream: ADMIN_STREAM,
    event: { type: 'chat_updated', chat: { archived: false, unread: true, message_count: 3 } },
  })
})

test('a user’s message is told to the chat and to the admins', async () => {
  await using at = await desk()
  await at.say(alice, 'first')
  at.engine.events.length = 0
  const { message } = await at.say(alice, 'hello')
  const source = { chatId: at.chat.id, seq: 2 }
  expect(at.engine.events).toEqual([
    { stream: chatStream(at.chat.id), event: { type: 'new_message', message }, source },
    {
      stream: ADMIN_STREAM,
      event: { type: 'new_user_message', chat_id: at.chat.id, user_email: 'alice@example.com', message },
      source,
    },
  ])
})

test('a user who writes more than the limit waits; an admin does not', async () => {
  await using at = await desk()
  const log = new MessageLog(at.engine, 2)
  const say = (sender: Sender) => log.append(sender, { chatId: at.chat.id, content: 'hi', clientId: null })
  await Promise.all([say(alice), say(alice), say(sam), say(sam), say(sam)])
  await expect(say(alice)).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 10 })
  at.engine.clock.advance(10_000)
  expect((await say(alice)).message.seq).toBe(6)
})
