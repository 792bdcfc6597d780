import { expect, test } from 'vitest'
import { createConnection } from './connection.ts'
import { createAdminChat } from './support-chat.ts'
import { MemoryClient } from './testing/memory-client.ts'

test('a visitor is asked for an address until it is left, also after a reload', async () => {
  using alice = new MemoryClient({ isVisitor: true })
  alice.desk.email = null
  const isAsked = () => alice.chat.getSnapshot().isContactNeeded
  await alice.open()
  expect(isAsked()).toBe(false)
  alice.chat.send('Hello')
  await alice.live(500)
  expect(isAsked()).toBe(true)
  expect(await alice.chat.leaveContact({ email: 'alice@example.com' })).toMatchObject({ ok: true })
  expect(isAsked()).toBe(false)
  alice.chat.close()
  alice.load({ isVisitor: true })
  await alice.open()
  expect(isAsked()).toBe(false)
})

test('an address that the desk refuses is asked for again', async () => {
  using alice = new MemoryClient()
  alice.desk.email = null
  await alice.open()
  alice.desk.refusals = [{ code: 'invalid', message: 'email: must be an e-mail address' }]
  const answer = await alice.chat.leaveContact({ email: 'alice' })
  expect(answer).toMatchObject({ ok: false, error: { code: 'invalid' } })
  expect(alice.chat.getSnapshot().isContactNeeded).toBe(true)
})

test('an admin cannot leave an address for someone else', async () => {
  using alice = new MemoryClient()
  const { desk, clock } = alice
  const connection = createConnection({ url: 'wss://desk.test/cable', WebSocket: desk.WebSocket, clock })
  const chat = createAdminChat({
    ...{ baseUrl: 'https://desk.test/api', fetch: desk.fetch, clock, random: () => 0 },
    ...{ connection, chatId: 'chat-1' },
  })
  await chat.open()
  expect(chat.getSnapshot().isContactNeeded).toBe(false)
  const answer = await chat.leaveContact({ email: 'sam@example.com' })
  expect(answer).toMatchObject({ ok: false, error: { code: 'forbidden' } })
  expect(desk.email).toBe('alice@example.com')
  chat.close()
  connection.close()
})
