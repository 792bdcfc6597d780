import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { memoryBus } from 'deskbell'
import { expect, test } from 'vitest'
import { type TestDesk, testDesk } from './test-desk.ts'
import { twinDesks } from './twin-desks.ts'
import { until } from './until.ts'

test('[P7] two desks in one process do not know each other', async () => {
  await using one = await testDesk()
  await using other = await testDesk()
  const chat_id = await one.openChat('alice')
  expect(await other.openChat('alice')).not.toBe(chat_id)

  await using here = await one.cable(one.token('alice'))
  await using there = await other.cable(other.token('alice'))
  await using sam = await other.cable(other.token('sam', { role: 'admin' }))
  const chat = await here.subscribe({ channel: 'SupportChatChannel', chat_id })
  await expect(there.subscribe({ channel: 'SupportChatChannel', chat_id })).rejects.toThrow('rejected')
  await sam.subscribe({ channel: 'AdminNotificationChannel' })

  here.perform(chat, 'send_message', { content: 'only here' })
  await until('it is told', () => here.events(chat).length === 1)
  const admin = other.token('sam', { role: 'admin' })
  expect((await other.call(admin, 'GET', `/admin/chats/${chat_id}`)).status).toBe(404)

  one.desk.revoke({ id: 'alice' })
  await until('alice is signed out here', () => here.closed !== null)
  const own = await there.subscribe({ channel: 'SupportChatChannel', chat_id: await other.openChat('alice') })
  there.perform(own, 'send_message', { content: 'only there' })
  await until('the other desk goes on', () => there.events(own).length === 1)
  await until('its admins hear of it', () => sam.events().length > 0)
  expect(sam.events().every(({ chat_id: id, chat: row }) => (id ?? row?.id) !== chat_id)).toBe(true)

  const count = async (url: string) =>
    /deskbell_messages_total (\d+)/.exec(await (await fetch(`${url}/metrics`)).text())?.[1]
  expect([await count(one.url), await count(other.url)]).toEqual(['1', '1'])
})

test('closing one desk leaves the other at work', async () => {
  await using one = await testDesk()
  await using other = await testDesk()
  const chat_id = await other.openChat('bob')
  await using bob = await other.cable(other.token('bob'))
  const chat = await bob.subscribe({ channel: 'SupportChatChannel', chat_id })
  await using alice = await one.cable(one.token('alice'))

  await one.desk.close()
  await until('alice is told to come back', () => alice.closed !== null)
  expect(alice.talk.at(-1)).toEqual({ type: 'disconnect', reason: 'server_restart', reconnect: true })
  expect((await one.call(one.token('alice'), 'GET', '/support_chat')).status).toBe(503)

  bob.perform(chat, 'send_message', { content: 'still there?' })
  await until('the other desk stores it', () => bob.events(chat).length === 1)
  await one.desk.close() // again: nothing happens
})

test('[P2] [P7] two desks on one store and one bus are one desk to their people', async () => {
  await using twins = await twinDesks(memoryBus())
  const [one, other] = twins.desks
  const chat_id = await one.openChat('alice')
  await using alice = await one.cable(one.token('alice'))
  await using sam = await other.cable(other.token('sam', { role: 'admin' }))
  const mine = await alice.subscribe({ channel: 'SupportChatChannel', chat_id })
  const theirs = await sam.subscribe({ channel: 'SupportChatChannel', chat_id })
  alice.perform(mine, 'send_message', { content: 'hello' })
  sam.perform(theirs, 'send_message', { content: 'hello to you' })
  await until('both have both', () => alice.events(mine).length === 2 && sam.events(theirs).length === 2)
  expect(sam.events(theirs)).toMatchObject(alice.events(mine))
  other.desk.revoke({ id: 'alice' })
  await until('alice is signed out on the other desk', () => alice.closed !== null)
})

test('[P7] which admin answered is told to admins alone, on every desk, live and afterwards', async () => {
  await using twins = await twinDesks(memoryBus())
  const [one, other] = twins.desks
  const chat_id = await one.openChat('alice')
  const follow = async (desk: TestDesk, token: string) => {
    const client = await desk.cable(token)
    // The same identifier for everyone: it must not be what tells them apart.
    return { client, chat: await client.subscribe({ channel: 'SupportChatChannel', chat_id }) }
  }
  const admin = one.token('sam-1', { role: 'admin', name: 'Sam' })
  const everyone = [
    await follow(one, one.token('alice')),
    await follow(one, admin),
    await follow(other, one.token('alice')),
    await follow(other, admin),
  ] as const
  const [alice, sam, elsewhere, colleague] = everyone
  sam.client.perform(sam.chat, 'send_message', { content: 'hello' })
  const seen = (count: number) => everyone.every(({ client, chat }) => client.events(chat).length === count)
  await until('everyone has it', () => seen(1))
  for (const { client, chat } of everyone) client.perform(chat, 'sync', { after: 0 })
  await until('everyone has it again', () => seen(2))
  for (const { client } of [sam, colleague]) {
    expect(client.events().map(({ message }) => message.sender_id)).toEqual(['sam-1', 'sam-1'])
  }
  for (const { client } of [alice, elsewhere]) {
    expect(client.events()).toMatchObject([{ message: { sender_name: 'Sam' } }, {}])
    expect(JSON.stringify(client.frames)).not.toMatch(/sam-1|sender_id/)
  }
  for (const { client } of everyone) await client[Symbol.asyncDispose]()
})

test('a desk that was closed leaves nothing that keeps a process alive', async () => {
  const script = `
    const { testDesk } = await import(${JSON.stringify(new URL('./test-desk.ts', import.meta.url).href)})
    const at = await testDesk()
    const chat_id = await at.openChat('alice')
    const alice = await at.cable(at.token('alice'))
    const chat = await alice.subscribe({ channel: 'SupportChatChannel', chat_id })
    alice.perform(chat, 'send_message', { content: 'hello' })
    const events = await at.call(at.token('alice'), 'GET', '/support_chat/events')
    await at[Symbol.asyncDispose]()
    await events.text()
    const closedAt = performance.now()
    process.on('exit', () => process.stdout.write(String(Math.ceil(performance.now() - closedAt))))`
  const args = ['--conditions=source', '--input-type=module', '-e', script]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 })
  expect(Number(stdout)).toBeGreaterThan(0)
  expect(Number(stdout), 'milliseconds from the close to the end of the process').toBeLessThan(2_000)
})
