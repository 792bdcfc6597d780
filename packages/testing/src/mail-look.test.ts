import type { AdminSupportChat } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { testDesk } from './test-desk.ts'
import { until } from './until.ts'

test('a user who has the chat before their eyes is e-mailed a period later; whoever else says so changes nothing', async () => {
  await using at = await testDesk({ mailUrl: 'mailbox:', notifyAfterMs: 200 })
  const [chat_id, other_id] = [await at.openChat('alice'), await at.openChat('bob')]
  await using alice = await at.cable(at.token('alice'))
  await using sam = await at.cable(at.token('sam', { role: 'admin' }))
  const mine = await alice.subscribe({ channel: 'SupportChatChannel', chat_id })
  const theirs = await sam.subscribe({ channel: 'SupportChatChannel', chat_id: other_id })
  await sam.subscribe({ channel: 'AdminNotificationChannel' })
  alice.perform(mine, 'look', { visible: true })
  alice.perform(mine, 'look', { visible: 'yes' })
  sam.perform(theirs, 'look', { visible: true })

  const admin = at.token('sam', { role: 'admin' })
  for (const id of [chat_id, other_id]) {
    await at.call(admin, 'POST', `/admin/chats/${id}/messages`, { content: 'Hello!' })
  }
  await until('both are e-mailed', () => at.desk.mailbox?.mails.length === 2)
  const changes = (id: string) =>
    sam
      .events()
      .filter((event) => event.type === 'notification_changed' && event.chat_id === id)
      .map(({ notification }) => notification as AdminSupportChat['notifications'][number])
      .map(({ state, reason }) => `${state} ${reason}`)
  await until('the admins heard of both', () => changes(chat_id).length + changes(other_id).length === 5)
  expect(changes(chat_id)).toEqual(['pending null', 'pending looking', 'sent null'])
  expect(changes(other_id)).toEqual(['pending null', 'sent null'])
  const shown = (await (await at.call(admin, 'GET', `/admin/chats/${chat_id}`)).json()) as AdminSupportChat
  expect(shown.notifications).toMatchObject([{ state: 'sent', from_seq: 1, address: 'alice@example.com' }])
})
