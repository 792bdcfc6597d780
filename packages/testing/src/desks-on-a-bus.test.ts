import type { AdminSupportChat } from '@deskbell/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { main } from '../../server/src/cli/main.ts'
import { suppress } from '../../server/src/notifications/suppressions.ts'
import { openStore } from '../../server/src/store/store.ts'
import { BUSES, type BusServer, busServer } from '../../server/src/testing/bus-server.ts'
import { postgresServer, statements } from '../../server/src/testing/database-server.ts'
import type { OwnServer } from '../../server/src/testing/server-process.ts'
import type { CableClient } from './cable-client.ts'
import { type TestDesk, testDesk } from './test-desk.ts'
import { until } from './until.ts'

const CROSSED_MS = 2_000
const HEALED_MS = 5_000

let database: OwnServer
beforeAll(async () => {
  database = await postgresServer('quick')
})
afterAll(async () => await database[Symbol.asyncDispose]())

/** Two desks on one database and one bus, with alice at the first and sam at the second. */
async function desks(name: string, busUrl: string) {
  const databaseName = `desk_${name.toLowerCase().replace(/\W/g, '_')}`
  await statements(database.url('postgres'), `create database ${databaseName}`)
  const databaseUrl = database.url(databaseName)
  const one = await testDesk({ databaseUrl, busUrl })
  const other = await testDesk({ databaseUrl, busUrl })
  const chat_id = await one.openChat('alice')
  const follow = async (at: TestDesk, token: string) => {
    const client = await at.cable(token)
    return { client, chat: await client.subscribe({ channel: 'SupportChatChannel', chat_id }) }
  }
  const alice = await follow(one, one.token('alice'))
  const sam = await follow(other, other.token('sam', { role: 'admin' }))
  const list = await sam.client.subscribe({ channel: 'AdminNotificationChannel' })
  return {
    ...{ one, other, alice, sam, list, chat_id, databaseUrl },
    isUp: async () => {
      const answers = await Promise.all([one, other].map(({ url }) => fetch(`${url}/readyz`)))
      return answers.every(({ ok }) => ok)
    },
    async [Symbol.asyncDispose]() {
      for (const { client } of [alice, sam]) await client[Symbol.asyncDispose]()
      await one[Symbol.asyncDispose]()
      await other[Symbol.asyncDispose]()
    },
  }
}

const contents = (client: CableClient, chat: string) =>
  client.events(chat).flatMap(({ message }) => message?.content ?? [])
const types = (client: CableClient, chat: string) => client.events(chat).map(({ type }) => type)

async function metric(at: TestDesk, line: string): Promise<number> {
  const text = await (await fetch(`${at.url}/metrics`)).text()
  return Number(
    text
      .split('\n')
      .find((each) => each.startsWith(`${line} `))
      ?.slice(line.length) ?? Number.NaN,
  )
}

test('whoever looks at a chat sees at once that its user is e-mailed again, allowed by an admin or from the command line', async () => {
  await using server = await busServer('Redis')
  await using at = await desks('allowed', server.url)
  await until('both are ready', at.isUp)
  const { one, sam } = at
  const address = 'alice@example.com'
  const env = { DATABASE_URL: at.databaseUrl, BUS_URL: server.url }
  const allow = () => deskbell(['mail', 'allow', address], env)
  const store = openStore(at.databaseUrl)
  const refuse = () => suppress(store.db, { address, detail: '550', at: '2026-01-29T10:00:00.000000Z' })
  const changes = () => sam.client.events(at.list).filter(({ type }) => type === 'user_mail_changed')
  try {
    await refuse()
    const admin = one.token('tom', { role: 'admin' })
    const { user_id } = (await (
      await one.call(admin, 'GET', `/admin/chats/${at.chat_id}`)
    ).json()) as AdminSupportChat
    expect((await one.call(admin, 'POST', `/admin/users/${user_id}/allow_mail`)).status).toBe(204)
    await until('sam hears of it on the other desk', () => changes().length === 1, CROSSED_MS)
    await refuse()
    expect(await allow()).toBe(`${address} will be written to again.\n`)
    await until('sam hears of that, too', () => changes().length === 2, CROSSED_MS)
    expect(changes()).toEqual(changes().map(() => ({ type: 'user_mail_changed', chat_id: at.chat_id })))
    await refuse()
    await server.crash()
    expect(await allow()).toContain('The bus of BUS_URL cannot be reached')
  } finally {
    await store.close()
  }
})

/** What a command of the command line says. */
async function deskbell(args: string[], env: Record<string, string>): Promise<string> {
  let said = ''
  const say = (text: string) => {
    said += `${text}\n`
  }
  await main(args, { env, out: say, err: say, rewrite: null, askSecret: async () => '' })
  return said
}

describe.concurrent.each(BUSES)('%s', (name) => {
  test('[P2] [P5] [P7] what happens on one desk is known on the other within 2 s', async () => {
    await using server = await busServer(name)
    await using at = await desks(name, server.url)
    await until('both are ready', at.isUp)
    const { alice, sam, one, other } = at
    alice.client.perform(alice.chat, 'send_message', { content: 'hello' })
    await until('sam has it', () => contents(sam.client, sam.chat).length === 1, CROSSED_MS)
    await until('the list has it', () => types(sam.client, at.list).includes('new_user_message'), CROSSED_MS)
    sam.client.perform(sam.chat, 'mark_viewed', { through: 1 })
    await until(
      'alice sees that',
      () => types(alice.client, alice.chat).includes('messages_viewed'),
      CROSSED_MS,
    )
    const long = '👋'.repeat(4_000)
    sam.client.perform(sam.chat, 'send_message', { content: long })
    await until('alice has it', () => contents(alice.client, alice.chat).length === 2, CROSSED_MS)
    alice.client.perform(alice.chat, 'mark_read', { through: 2 })
    await until('sam sees that', () => types(sam.client, sam.chat).includes('messages_read'), CROSSED_MS)
    alice.client.perform(alice.chat, 'send_message', { content: `back: ${long}` })
    await until(
      'the list has it',
      () => types(sam.client, at.list).filter((type) => type === 'new_user_message').length === 2,
      CROSSED_MS,
    )
    expect(contents(sam.client, sam.chat)).toEqual(['hello', long, `back: ${long}`])
    expect(contents(alice.client, alice.chat)).toEqual(['hello', long, `back: ${long}`])
    expect(await metric(other, 'deskbell_bus_events_total{what="received"}')).toBeGreaterThan(0)
    expect(await metric(one, 'deskbell_bus_events_total{what="dropped"}')).toBe(0)
    other.desk.revoke({ id: 'alice' })
    await until('alice is signed out', () => alice.client.closed !== null, CROSSED_MS)
    await using again = await one.cable(one.token('alice'))
    await other.desk.erase('alice')
    await until('she is gone', () => again.closed !== null, CROSSED_MS)
  })

  test('[P1] [P4] without its bus a desk refuses nothing and says so; nobody misses anything', async () => {
    await using server: BusServer = await busServer(name)
    await using at = await desks(`${name} away`, server.url)
    await until('both are ready', at.isUp)
    const { alice, sam, one, other } = at
    const sent: string[] = []
    const send = async () => {
      const content = `message ${sent.push('')}`
      sent[sent.length - 1] = content
      const answer = await one.call(one.token('alice'), 'POST', '/support_chat/messages', { content })
      expect(answer.status).toBe(201)
    }
    const isEqual = () => contents(sam.client, sam.chat).length === sent.length
    for (const [end, begin] of [
      [() => server.crash(), () => server.restart()],
      [async () => server.freeze(), async () => server.thaw()],
    ] as const) {
      await end()
      try {
        await send()
        await send()
        await until('sam has it without a bus', isEqual, HEALED_MS)
        await until(
          'both say so',
          async () => {
            const up = await Promise.all([one, other].map((desk) => metric(desk, 'deskbell_bus_up')))
            return up.every((value) => value === 0)
          },
          HEALED_MS,
        )
        const ready = await fetch(`${one.url}/readyz`)
        expect([ready.status, await ready.text()]).toEqual([
          503,
          expect.stringContaining('The bus cannot be reached.'),
        ])
      } finally {
        await begin()
      }
      await until('both are ready again', at.isUp, 2 * HEALED_MS)
      await send()
      await until('sam has it', isEqual, HEALED_MS)
    }
    expect(contents(sam.client, sam.chat)).toEqual(sent)
    expect(contents(alice.client, alice.chat)).toEqual(sent)
    const received = await metric(other, 'deskbell_bus_events_total{what="received"}')
    await until(
      'the bus carries again',
      async () => {
        await send()
        return (await metric(other, 'deskbell_bus_events_total{what="received"}')) > received
      },
      HEALED_MS,
    )
  })
})
