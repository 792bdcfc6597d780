import { expect, test } from 'vitest'
import { testDesk } from './test-desk.ts'
import { until } from './until.ts'

test('[P7] who still listens as the visitor hears nothing of the user whose chat it became', async () => {
  await using at = await testDesk({ visitors: 'allow' })
  const visitor = (await (await at.call(null, 'POST', '/visitors')).json()) as { token: string }
  const chat_id = ((await (await at.call(visitor.token, 'GET', '/support_chat')).json()) as { id: string }).id
  await using shared = await at.cable(visitor.token)
  const identifier = await shared.subscribe({ channel: 'SupportChatChannel', chat_id })

  const bob = at.token('bob')
  const claimed = await at.call(bob, 'POST', '/support_chat/claim', { visitor_token: visitor.token })
  expect(claimed.status).toBe(204)
  await at.call(bob, 'POST', '/support_chat/messages', { content: 'only for support' })
  await until('the visitor’s socket is closed', () => shared.closed)
  expect(shared.events(identifier)).toEqual([])
})

test('[P8] an identifier longer than a kilobyte is rejected', async () => {
  await using at = await testDesk()
  const chat_id = await at.openChat('alice')
  await using alice = await at.cable(at.token('alice'))
  const params = { channel: 'SupportChatChannel', chat_id, pad: 'x'.repeat(1_024) }
  await expect(alice.subscribe(params)).rejects.toThrow('rejected')
  await alice.subscribe({ channel: 'SupportChatChannel', chat_id })
})

test('[P3] an admin’s message in their own chat is one message, over the socket and by POST', async () => {
  await using at = await testDesk()
  const sam = at.token('sam', { role: 'admin' })
  const chat = (await (await at.call(sam, 'GET', '/support_chat')).json()) as { id: string }
  await using socket = await at.cable(sam)
  const identifier = await socket.subscribe({ channel: 'SupportChatChannel', chat_id: chat.id })
  const draft = { content: 'a note to myself', client_id: 'one' }
  socket.perform(identifier, 'send_message', draft)
  await until('it comes back', () => socket.events(identifier).length === 1)
  const posted = await at.call(sam, 'POST', `/admin/chats/${chat.id}/messages`, draft)
  expect(posted.status).toBe(200)
})

test('[P5] asking only for the head of a chat does not mark it viewed', async () => {
  await using at = await testDesk()
  const chatId = await at.openChat('alice')
  await at.call(at.token('alice'), 'POST', '/support_chat/messages', { content: 'hello' })
  const sam = at.token('sam', { role: 'admin' })
  await at.call(sam, 'HEAD', `/admin/chats/${chatId}`)
  const [row] = (await (await at.call(sam, 'GET', '/admin/chats')).json()) as { unread: boolean }[]
  expect(row?.unread).toBe(true)
})
