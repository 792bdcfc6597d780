import { expect, test } from 'vitest'
import { testDesk } from './test-desk.ts'
import { until } from './until.ts'

test('a user’s message reaches an admin, and the answer comes back', async () => {
  await using at = await testDesk()
  const chat_id = await at.openChat('alice')
  await using alice = await at.cable(at.token('alice'))
  await using sam = await at.cable(at.token('sam', { role: 'admin' }))
  const aliceChat = await alice.subscribe({ channel: 'SupportChatChannel', chat_id })
  await sam.subscribe({ channel: 'AdminNotificationChannel' })
  const samChat = await sam.subscribe({ channel: 'SupportChatChannel', chat_id })

  alice.perform(aliceChat, 'send_message', { content: 'my invoice is wrong', client_id: 'a-1' })
  await until('the admin sees it', () => sam.events(samChat).length === 1)
  sam.perform(samChat, 'send_message', { content: 'let me look', client_id: 's-1' })
  await until('the user sees both', () => alice.events(aliceChat).length === 2)

  expect(
    alice.events(aliceChat).map(({ message }) => [message.seq, message.sender_type, message.content]),
  ).toEqual([
    [1, 'user', 'my invoice is wrong'],
    [2, 'admin', 'let me look'],
  ])
  expect(sam.events('{"channel":"AdminNotificationChannel"}')[0]).toMatchObject({
    type: 'new_user_message',
    chat_id,
    user_email: 'alice@example.com',
  })
})
