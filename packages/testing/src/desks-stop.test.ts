import type { SupportChat } from '@deskbell/protocol'
import { openStore } from 'deskbell'
import { expect, test } from 'vitest'
import { busServer } from '../../server/src/testing/bus-server.ts'
import { postgresServer, statements } from '../../server/src/testing/database-server.ts'
import { CableClient } from './cable-client.ts'
import { type DeskProcess, startDesk, tokenOf } from './desk-process.ts'
import { seeded } from './seeded.ts'
import { StubbornSender } from './stubborn-sender.ts'
import { until } from './until.ts'

const CLEANLY = { code: 0, signal: null }
const HEALED_MS = 5_000

test('[P1] [P2] [P4] two desks whose Redis stops and comes back hear each other again and end with 0, also while it is away', async () => {
  await using database = await postgresServer('quick')
  await statements(database.url('postgres'), 'create database desk')
  await using bus = await busServer('Redis')
  const options = { databaseUrl: database.url('desk'), env: { BUS_URL: bus.url } }
  await using one = await startDesk(options)
  await using other = await startDesk(options)
  await until('both hear the bus', async () => (await hear(one, other)) === 'all')

  const chatId = await chatOf(one, 'alice')
  const alice = new StubbornSender('user', tokenOf('alice'), chatId, seeded('desks-stop'))
  await using sam = await new CableClient(`${other.cableUrl}?token=${tokenOf('sam', 'admin')}`).opened()
  const seen = await sam.subscribe({ channel: 'SupportChatChannel', chat_id: chatId })
  const seqs = () => sam.events(seen).flatMap(({ message }) => message?.seq ?? [])
  const write = async () => {
    const enough = alice.acknowledged.size + 20
    await alice.connect(one)
    alice.write(() => {})
    await until('more is acknowledged', () => alice.acknowledged.size >= enough)
  }
  const tellSam = async () => {
    await write()
    await alice.disconnect()
    await until('sam sees it', () => seqs().length >= alice.acknowledged.size, HEALED_MS)
  }
  await tellSam()
  await bus.crash()
  await tellSam()
  await until('both miss it', async () => (await hear(one, other)) === 'none', HEALED_MS)
  await bus.restart()
  await until('both hear it again', async () => (await hear(one, other)) === 'all', HEALED_MS)
  await tellSam()

  await write()
  one.kill('SIGTERM')
  other.kill('SIGTERM')
  expect([await one.exited, await other.exited]).toEqual([CLEANLY, CLEANLY])
  await alice.disconnect()
  expect(seqs()).toEqual(seqs().map((_, index) => index + 1))

  await using third = await startDesk(options)
  await alice.finish(third)
  expect(alice.unacknowledged).toEqual([])
  const acknowledged = [...alice.acknowledged].map(([clientId, { seq }]) => [clientId, seq])
  expect(await stored(options.databaseUrl)).toEqual(new Map(acknowledged as [string, number][]))

  await until('the third hears it', async () => (await hear(third)) === 'all')
  await bus.crash()
  await until('it is missed', async () => (await hear(third)) === 'none', HEALED_MS)
  third.kill('SIGTERM')
  expect(await third.exited).toEqual(CLEANLY)
})

/** How many of these desks say that they hear the bus. */
async function hear(...desks: DeskProcess[]): Promise<'all' | 'some' | 'none'> {
  const texts = await Promise.all(desks.map(async ({ url }) => await (await fetch(`${url}/metrics`)).text()))
  const isUp = texts.map((text) => text.includes('\ndeskbell_bus_up 1\n'))
  if (isUp.every(Boolean)) return 'all'
  return isUp.some(Boolean) ? 'some' : 'none'
}

async function chatOf({ url }: DeskProcess, sub: string): Promise<string> {
  const headers = { authorization: `Bearer ${tokenOf(sub)}` }
  return ((await (await fetch(`${url}/api/support_chat`, { headers })).json()) as SupportChat).id
}

/** The seq of each attempt. */
async function stored(databaseUrl: string): Promise<Map<string, number>> {
  const store = openStore(databaseUrl)
  const rows = await store.db.selectFrom('support_messages').select(['client_id', 'seq']).execute()
  await store.close()
  expect(rows.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(rows.map((_, index) => index + 1))
  return new Map(rows.map(({ client_id, seq }) => [client_id ?? '', seq]))
}
