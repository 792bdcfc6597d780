import { openStore, type Store } from 'deskbell'
import { expect, test, vi } from 'vitest'
import type { CableClient } from './cable-client.ts'
import { testDesk } from './test-desk.ts'
import { until } from './until.ts'

const CHANNEL = 'SupportChatChannel'
/** What one connection may ask of the database at once, and how long it waits for each further time. */
const AT_ONCE = 200
const THEN_EACH_MS = 50

async function memoryStore(): Promise<{ store: Store } & AsyncDisposable> {
  const store = openStore('sqlite::memory:')
  return { store, [Symbol.asyncDispose]: () => store.close() }
}

const spelling = (chat_id: string, n: number | string) => JSON.stringify({ channel: CHANNEL, chat_id, n })

/** Comes and goes, 150 subscriptions at a time. */
function flood(client: CableClient, chatId: string, rounds: number): void {
  for (let round = 0; round < rounds; round++) {
    const identifiers = Array.from({ length: 150 }, (_, n) => spelling(chatId, n))
    for (const identifier of identifiers) client.send({ command: 'subscribe', identifier })
    for (const identifier of identifiers) client.send({ command: 'unsubscribe', identifier })
  }
}

const isConfirmed = ({ frames }: CableClient, identifier: string) =>
  frames.some((frame) => frame.identifier === identifier && frame.type === 'confirm_subscription')

test('[P8] a flood of subscribes asks little of the database, and others are served meanwhile', async () => {
  await using memory = await memoryStore()
  await using at = await testDesk({ store: memory.store })
  const chats = { rude: await at.openChat('rude'), bea: await at.openChat('bea') }
  await using rude = await at.cable(at.token('rude'))
  await using bea = await at.cable(at.token('bea'))
  const queries = vi.spyOn(memory.store.db, 'executeQuery')
  const startedAt = performance.now()

  flood(rude, chats.rude, 40)
  const own = await bea.subscribe({ channel: CHANNEL, chat_id: chats.bea })
  flood(rude, chats.rude, 40)
  const last = spelling(chats.rude, 'the last')
  rude.send({ command: 'subscribe', identifier: last })
  await until('the last of the flood is confirmed, too', () => isConfirmed(rude, last))
  const paced = Math.ceil((performance.now() - startedAt) / THEN_EACH_MS)
  // One more is that of the other one.
  expect(queries.mock.calls.length).toBeLessThanOrEqual(AT_ONCE + paced + 1)

  bea.perform(own, 'send_message', { content: 'still served' })
  await until('the other one is served', () => bea.events(own).length === 1)
  expect([rude.closed, bea.closed]).toEqual([null, null])
  expect(rude.frames.filter(({ type }) => type === 'reject_subscription')).toEqual([])
})

test('[P8] who follows chat after chat waits for the confirms in the end, and gets every one of them', async () => {
  await using at = await testDesk()
  const chat_id = await at.openChat('alice')
  await using alice = await at.cable(at.token('alice'))
  const startedAt = performance.now()
  for (const round of ['first', 'second']) {
    const identifiers = Array.from({ length: AT_ONCE / 2 + 10 }, (_, n) => spelling(chat_id, `${round} ${n}`))
    for (const identifier of identifiers) alice.send({ command: 'subscribe', identifier })
    await until('all are confirmed', () => identifiers.every((identifier) => isConfirmed(alice, identifier)))
    for (const identifier of identifiers) alice.send({ command: 'unsubscribe', identifier })
  }
  // The last one begins no sooner; timers and the clock are not exact to the millisecond.
  expect(performance.now() - startedAt).toBeGreaterThan(19 * THEN_EACH_MS)
  expect(alice.closed).toBeNull()
})

test('[P8] what waits behind subscribes that are not answered does not grow for ever', async () => {
  await using memory = await memoryStore()
  await using at = await testDesk({ store: memory.store })
  const chat_id = await at.openChat('alice')
  await using alice = await at.cable(at.token('alice'))
  let answer = () => {}
  const gate = new Promise<void>((resolve) => {
    answer = resolve
  })
  // The database has one connection, and it is busy.
  const busy = memory.store.db.connection().execute(() => gate)
  const identifiers = Array.from({ length: 5 }, (_, n) => spelling(chat_id, n))
  // Too long for a message: whatever was kept is refused once it has its turn.
  const content = 'x'.repeat(20_000)
  for (const identifier of identifiers) {
    alice.send({ command: 'subscribe', identifier })
    for (let n = 0; n < 50; n++) alice.perform(identifier, 'send_message', { content })
  }
  await pong(alice)
  answer()
  await busy
  await until('all are confirmed', () => identifiers.every((identifier) => isConfirmed(alice, identifier)))
  const [first = ''] = identifiers
  alice.perform(first, 'send_message', { content: 'the end' })
  await until('the end is there', () => alice.events(first).some(({ type }) => type === 'new_message'))
  const kept = alice.events().filter(({ type }) => type === 'message_rejected').length
  expect(kept).toBe(Math.floor((1024 * 1024) / JSON.stringify({ action: 'send_message', content }).length))
})

/** Whatever was sent before has been read when the answer is there. */
async function pong({ socket }: CableClient): Promise<void> {
  const answered = new Promise((resolve) => socket.once('pong', resolve))
  socket.ping()
  await answered
}
