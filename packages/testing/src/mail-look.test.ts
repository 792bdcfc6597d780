import type { AdminSupportChat } from '@deskbell/protocol'
import { memoryBus } from 'deskbell'
import { expect, test } from 'vitest'
import { testDesk } from './test-desk.ts'
import { twinDesks } from './twin-desks.ts'
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

test('[P6] who has the chat before their eyes is not e-mailed at once, whichever desk they are at', async () => {
  await using twins = await twinDesks(memoryBus(), { mailUrl: 'mailbox:', notifyAfterMs: 300 })
  const [at] = twins.desks
  const admin = at.token('sam', { role: 'admin' })
  await using sam = await at.cable(admin)
  await sam.subscribe({ channel: 'AdminNotificationChannel' })
  // Either desk may be the one that looks into the outbox, so there are users enough for both to meet the other's.
  const chats = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const desk = twins.desks[index % 2 === 0 ? 0 : 1]
      const chat_id = await desk.openChat(`user-${index}`)
      const user = await desk.cable(desk.token(`user-${index}`))
      user.perform(await user.subscribe({ channel: 'SupportChatChannel', chat_id }), 'look', {
        visible: true,
      })
      return { chat_id, user }
    }),
  )
  for (const { chat_id } of chats) {
    await at.call(admin, 'POST', `/admin/chats/${chat_id}/messages`, { content: 'Hello!' })
  }
  const told = (id: string) =>
    sam
      .events()
      .filter(({ type, chat_id }) => type === 'notification_changed' && chat_id === id)
      .map(({ notification }) => `${notification.state} ${notification.reason}`)
  await until('all are sent', () => chats.every(({ chat_id }) => told(chat_id).includes('sent null')))
  for (const { chat_id } of chats) {
    expect(told(chat_id)).toEqual(['pending null', 'pending looking', 'sent null'])
  }
  for (const { user } of chats) await user[Symbol.asyncDispose]()
})
