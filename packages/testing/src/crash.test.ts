import type { SupportChat } from '@deskbell/protocol'
import { openStore } from 'deskbell'
import { expect, test } from 'vitest'
import { databaseName, testDatabase } from '../../server/src/testing/databases.ts'
import { type DeskProcess, startDesk, tokenOf } from './desk-process.ts'
import { type Seeded, seeded } from './seeded.ts'
import { StoredLog, type StoredMessage } from './stored-log.ts'
import { StubbornSender } from './stubborn-sender.ts'

const isEmbedded = databaseName() === 'sqlite'
/** What a desk writes by itself may break at any moment; a server is another process, which nobody kills here. */
const ROUNDS = isEmbedded ? 20 : 3
/** A round ends after so many messages were sent, or acknowledged, at most. */
const LONGEST_ROUND = 150

test(`[P1] [P2] [P3] ${ROUNDS} kill -9 under load lose, double and disorder nothing`, async () => {
  const random = seeded('crash')
  await using database = await testDatabase()
  const senders = await peopleOf(database.url, random)
  for (let round = 0; round < ROUNDS; round++) await killUnderLoad(database.url, senders, random)
  await finish(database.url, senders)

  for (const chatId of new Set(senders.map((sender) => sender.chatId))) {
    expectExactlyOnce(
      await storedMessages(database.url, chatId),
      senders.filter((sender) => sender.chatId === chatId),
    )
  }
  const acknowledged = senders.reduce((sum, sender) => sum + sender.acknowledged.size, 0)
  expect(acknowledged).toBeGreaterThan(ROUNDS * 10)
}, 180_000)

async function storedMessages(url: string, chatId: string): Promise<Essence[]> {
  if (isEmbedded) {
    using log = new StoredLog(url.slice('sqlite:'.length))
    log.expectConsistent()
    return log.messages(chatId)
  }
  const store = openStore(url)
  const messages = store.db.selectFrom('support_messages').selectAll().where('chat_id', '=', chatId)
  const rows = await messages.orderBy('seq').execute()
  await store.close()
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1))
  return rows
}

/** Two users, one of them with two tabs, and an admin who answers both. */
async function peopleOf(databaseUrl: string, random: Seeded): Promise<StubbornSender[]> {
  await using desk = await startDesk({ databaseUrl })
  const [alice, bob] = [await chatOf(desk, 'alice'), await chatOf(desk, 'bob')]
  desk.kill('SIGTERM')
  await desk.exited
  return [
    new StubbornSender('user', tokenOf('alice'), alice, random),
    new StubbornSender('user', tokenOf('alice'), alice, random),
    new StubbornSender('user', tokenOf('bob'), bob, random),
    new StubbornSender('admin', tokenOf('sam', 'admin'), alice, random),
    new StubbornSender('admin', tokenOf('sam', 'admin'), bob, random),
  ]
}

async function chatOf(desk: DeskProcess, sub: string): Promise<string> {
  const response = await fetch(`${desk.url}/api/support_chat`, {
    headers: { authorization: `Bearer ${tokenOf(sub)}` },
  })
  return ((await response.json()) as SupportChat).id
}

async function killUnderLoad(databaseUrl: string, senders: StubbornSender[], random: Seeded): Promise<void> {
  await using desk = await startDesk({ databaseUrl })
  const moment = random.chance(0.5) ? 'sent' : 'acknowledged'
  let left = random.between(1, LONGEST_ROUND)
  await Promise.all(senders.map((sender) => sender.connect(desk)))
  for (const sender of senders) {
    sender.write((what) => {
      if (what === moment && --left === 0) desk.kill('SIGKILL')
    })
  }
  expect(await desk.exited).toEqual({ code: null, signal: 'SIGKILL' })
  await Promise.all(senders.map((sender) => sender.disconnect()))
}

/** What was never acknowledged is repeated until it is. */
async function finish(databaseUrl: string, senders: StubbornSender[]): Promise<void> {
  await using desk = await startDesk({ databaseUrl })
  await Promise.all(senders.map((sender) => sender.finish(desk)))
  expect(senders.flatMap((sender) => sender.unacknowledged)).toEqual([])
  desk.kill('SIGTERM')
  expect(await desk.exited).toEqual({ code: 0, signal: null })
}

function expectExactlyOnce(stored: Essence[], senders: StubbornSender[]): void {
  const acknowledged = senders.flatMap((sender) => [...sender.acknowledged.values()])
  const essence = ({ id, seq, client_id, content, sender_type, created_at }: Essence) => ({
    ...{ id, seq, client_id, content, sender_type, created_at },
  })
  expect(stored.map(essence)).toEqual(acknowledged.toSorted((a, b) => a.seq - b.seq).map(essence))
}

type Essence = Pick<StoredMessage, 'id' | 'seq' | 'client_id' | 'content' | 'sender_type' | 'created_at'>
