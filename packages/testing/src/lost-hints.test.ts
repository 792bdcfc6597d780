import { expect, test } from 'vitest'
import type { CableClient } from './cable-client.ts'
import { FakeClock } from './fake-clock.ts'
import { HostileBus } from './hostile-bus.ts'
import type { TestDesk } from './test-desk.ts'
import { twinDesks } from './twin-desks.ts'
import { until } from './until.ts'

/** What is lost on the bus is found in the database so soon. */
const FOUND_MS = 2_000

/** Two desks whose bus loses everything; alice is at the first, her chat and the list are watched at the second. */
async function mute() {
  const bus = new HostileBus(() => 'drop')
  const twins = await twinDesks(() => bus.end())
  const [one, other] = twins.desks
  const chat_id = await one.openChat('alice')
  const watch = async (at: TestDesk, token: string) => {
    const client = await at.cable(token)
    return { client, chat: await client.subscribe({ channel: 'SupportChatChannel', chat_id }) }
  }
  const sam = await watch(other, other.token('sam', { role: 'admin' }))
  const list = await sam.client.subscribe({ channel: 'AdminNotificationChannel' })
  const alice = await watch(other, other.token('alice'))
  const admin = one.token('max', { role: 'admin' })
  return {
    ...{ one, other, chat_id, sam, list, alice },
    /** What happens at the first desk. */
    say: (content: string) => one.call(one.token('alice'), 'POST', '/support_chat/messages', { content }),
    reply: (content: string) => one.call(admin, 'POST', `/admin/chats/${chat_id}/messages`, { content }),
    admin: (method: string, path: string) => one.call(admin, method, `/admin/chats/${chat_id}${path}`),
    listed: () => sam.client.events(list),
    async [Symbol.asyncDispose]() {
      await sam.client[Symbol.asyncDispose]()
      await alice.client[Symbol.asyncDispose]()
      await twins[Symbol.asyncDispose]()
    },
  }
}

const contents = (client: CableClient, chat: string) =>
  client.events(chat).flatMap(({ message }) => message?.content ?? [])

test('[P4] the last message of a chat reaches the other desk within 2 s though its hint is lost, once', async () => {
  await using at = await mute()
  await at.say('one')
  await until('it is found', () => contents(at.sam.client, at.sam.chat).length > 0, FOUND_MS)
  await at.reply('two')
  for (const { client, chat } of [at.sam, at.alice]) {
    await until('the answer is found', () => contents(client, chat).length === 2, FOUND_MS)
  }
  for (const { client, chat } of [at.sam, at.alice]) expect(contents(client, chat)).toEqual(['one', 'two'])
})

test('[P4] the admins’ list on the other desk hears of messages, archiving and viewing, each once', async () => {
  await using at = await mute()
  await at.say('hello')
  await until('it is listed', () => at.listed().length === 2, FOUND_MS)
  expect(at.listed()).toMatchObject([
    { type: 'new_user_message', chat_id: at.chat_id, message: { content: 'hello', seq: 1 } },
    { type: 'chat_updated', chat: { id: at.chat_id, message_count: 1, unread: true, archived: false } },
  ])
  await at.admin('POST', '/viewed')
  await until('it is viewed', () => at.listed().at(-1)?.chat?.unread === false, FOUND_MS)
  await at.admin('POST', '/archive')
  await until('it is archived', () => at.listed().at(-1)?.chat?.archived === true, FOUND_MS)
  const viewed = at.sam.client.events(at.sam.chat).filter(({ type }) => type === 'messages_viewed')
  expect(viewed).toMatchObject([{ through: 1 }])
  const before = at.listed().length
  await at.say('still there?')
  await until('it is back', () => at.listed().at(-1)?.chat?.message_count === 2, FOUND_MS)
  expect(
    at
      .listed()
      .slice(before)
      .map(({ type }) => type),
  ).toEqual(['new_user_message', 'chat_updated'])
})

test('[P4] a chat in which someone writes without a pause is shown on the other desk meanwhile', async () => {
  await using at = await mute()
  let isWriting = true
  const writing = (async () => {
    for (let count = 1; isWriting; count++) await at.say(`line ${count}`)
  })()
  try {
    for (const { client, chat } of [at.sam, at.alice]) {
      await until('it is shown', () => contents(client, chat).length > 0, FOUND_MS)
    }
    await until('it is listed', () => at.listed().length > 0, FOUND_MS)
    const shown = contents(at.sam.client, at.sam.chat).length
    await until('it goes on', () => contents(at.sam.client, at.sam.chat).length > shown, FOUND_MS)
  } finally {
    isWriting = false
    await writing
  }
  const seqs = at.sam.client.events(at.sam.chat).flatMap(({ message }) => message?.seq ?? [])
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
})

test('[P5] what the user has read is known on the other desk', async () => {
  await using at = await mute()
  await at.reply('read me')
  await until('it is found', () => contents(at.sam.client, at.sam.chat).length === 1, FOUND_MS)
  await at.one.call(at.one.token('alice'), 'PATCH', '/support_chat/mark_read', { through: 1 })
  const marks = () => at.sam.client.events(at.sam.chat).filter(({ type }) => type === 'messages_read')
  await until('the mark is found', () => marks().length > 0, FOUND_MS)
  expect(marks()).toMatchObject([{ through: 1, read_at: expect.stringMatching(/Z$/) }])
})

test('[P7] whoever is signed out or erased on one desk is away from the other one within 2 s', async () => {
  await using at = await mute()
  at.one.desk.revoke({ id: 'alice' })
  await until('her socket is closed', () => at.alice.client.closed !== null, FOUND_MS)
  expect(at.sam.client.closed).toBe(null)
  await using again = await at.other.cable(at.other.token('alice'))
  await at.one.desk.erase('alice')
  await until('it is closed again', () => again.closed !== null, FOUND_MS)
  const gone = () => at.listed().filter(({ type }) => type === 'chat_removed')
  await until('the row is gone', () => gone().length > 0, FOUND_MS)
  expect(gone()).toEqual([{ type: 'chat_removed', chat_id: at.chat_id }])
})

test.each(['signed out', 'erased'])(
  '[P7] whoever is %s and comes back is not sent away again when the bus is late',
  async (how) => {
    const bus = new HostileBus(() => 'hold')
    await using twins = await twinDesks(() => bus.end())
    const [one, other] = twins.desks
    await one.openChat('alice')
    await using alice = await other.cable(other.token('alice'))
    if (how === 'erased') await one.desk.erase('alice')
    else one.desk.revoke({ id: 'alice' })
    await until('the notice is found', () => alice.closed !== null, FOUND_MS)
    await using again = await other.cable(other.token('alice'))
    bus.release()
    const chat_id = await other.openChat('alice')
    const chat = await again.subscribe({ channel: 'SupportChatChannel', chat_id })
    again.perform(chat, 'send_message', { content: 'here I am' })
    await until('she is let in', () => contents(again, chat).length === 1)
    expect(again.closed).toBe(null)
  },
)

test('[P7] after ten minutes without the database everyone comes back and is looked up anew', async () => {
  const clock = new FakeClock()
  await using twins = await twinDesks(() => new HostileBus(() => 'drop').end(), { clock })
  const [, other] = twins.desks
  await using alice = await other.cable(other.token('alice'))
  clock.advance(600_000)
  await until('she is told to come back', () => alice.closed !== null, FOUND_MS)
  expect(alice.talk.at(-1)).toEqual({ type: 'disconnect', reason: 'server_restart', reconnect: true })
})

test('what a desk was told is not found again', async () => {
  const bus = new HostileBus(() => 'deliver')
  await using twins = await twinDesks(() => bus.end())
  const [one, other] = twins.desks
  const chat_id = await one.openChat('alice')
  await using sam = await other.cable(other.token('sam', { role: 'admin' }))
  const chat = await sam.subscribe({ channel: 'SupportChatChannel', chat_id })
  const list = await sam.subscribe({ channel: 'AdminNotificationChannel' })
  const admin = one.token('max', { role: 'admin' })
  await one.call(one.token('alice'), 'POST', '/support_chat/messages', { content: 'hello' })
  await one.call(admin, 'POST', `/admin/chats/${chat_id}/viewed`)
  await one.call(admin, 'POST', `/admin/chats/${chat_id}/messages`, { content: 'hi' })
  await one.call(one.token('alice'), 'PATCH', '/support_chat/mark_read')
  await until('all is told', () => sam.events(chat).length === 4)
  const told = [sam.events(chat).length, sam.events(list).length]
  // A last change that only the database tells of: all before it was looked at by then.
  bus.isMute = true
  await one.call(admin, 'POST', `/admin/chats/${chat_id}/archive`)
  await until('the last change is found', () => sam.events(list).at(-1)?.chat?.archived === true)
  expect([sam.events(chat).length, sam.events(list).length - 1]).toEqual(told)
  const metrics = await (await fetch(`${other.url}/metrics`)).text()
  expect(metrics).toContain('deskbell_bus_events_total{what="repaired"} 1')
})
