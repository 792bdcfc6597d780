import { expect, test } from 'vitest'
import { MessageLog } from '../messages/append.ts'
import type { Sender } from '../messages/draft.ts'
import { messagesAfter } from '../messages/history.ts'
import { testEngine, user } from '../testing/engine.ts'
import { findOwn } from './chat.ts'
import { claimVisitorChat } from './claim.ts'
import { open } from './open.ts'

const guest = { ...user('visitor:1'), role: 'visitor' as const, email: null, name: null }
const alice = user('alice')
const sender: Sender = { type: 'user', name: null }

async function desk() {
  const engine = await testEngine()
  const log = new MessageLog(engine, 0)
  return {
    engine,
    say: async (who: typeof alice | typeof guest, content: string, clientId: string | null = null) => {
      const chat = await open(engine, who)
      await log.append(sender, { chatId: chat.id, content, clientId })
    },
    reads: async (id: string) => {
      const chat = await findOwn(engine.store, id)
      if (chat === undefined) return null
      const { messages } = await messagesAfter(engine.store, chat.id, 0, 100)
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
  expect(at.engine.events.at(-1)?.event.type).toBe('chat_removed')
})
