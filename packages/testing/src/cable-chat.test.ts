import { expect, test } from 'vitest'
import type { CableClient } from './cable-client.ts'
import { FakeClock } from './fake-clock.ts'
import { type TestDesk, type TestDeskOptions, testDesk } from './test-desk.ts'
import { until } from './until.ts'

const CHANNEL = 'SupportChatChannel'

/** Alice and the admin Sam, both following Alice's chat. */
async function conversation(options: TestDeskOptions = {}) {
  const at = await testDesk(options)
  const chat_id = await at.openChat('alice')
  const alice = await at.cable(at.token('alice'))
  const sam = await at.cable(at.token('sam', { role: 'admin' }))
  const own = await alice.subscribe({ channel: CHANNEL, chat_id })
  const theirs = await sam.subscribe({ channel: CHANNEL, chat_id })
  const rows = await sam.subscribe({ channel: 'AdminNotificationChannel' })
  return {
    at,
    chat_id,
    alice,
    sam,
    own,
    theirs,
    rows,
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  }
}

const messages = (client: CableClient, identifier: string) =>
  client.events(identifier).filter((event) => event.type === 'new_message')
const contents = (client: CableClient, identifier: string) =>
  messages(client, identifier).map(({ message }) => message.content)
const seqs = (client: CableClient, identifier: string) =>
  messages(client, identifier).map(({ message }) => message.seq)
const others = (client: CableClient, identifier: string) =>
  client.events(identifier).filter((event) => event.type !== 'new_message')

async function says(client: CableClient, identifier: string, ...texts: string[]): Promise<void> {
  for (const content of texts) {
    client.perform(identifier, 'send_message', { content })
    await until(`"${content}" comes back`, () => contents(client, identifier).includes(content))
  }
}

async function json(at: TestDesk, sub: string, path: string) {
  const token = at.token(sub, sub === 'sam' ? { role: 'admin' } : {})
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the desk answers.
  return (await (await at.call(token, 'GET', path)).json()) as any
}

test('[P4] a sync sends again exactly what came after, to that subscription only', async () => {
  await using talk = await conversation()
  const { alice, sam, own, theirs, chat_id } = talk
  const second = await alice.subscribe({ channel: 'ChatChannel', chat_id })
  await says(alice, own, 'one', 'two', 'three', 'four')
  alice.perform(own, 'sync', { after: 2 })
  await until('they come again', () => messages(alice, own).length === 6)
  await says(alice, own, 'five')
  await until('everyone has the last', () =>
    [second, own].every((id) => contents(alice, id).at(-1) === 'five'),
  )
  await until('the admin too', () => contents(sam, theirs).at(-1) === 'five')
  expect(seqs(alice, own)).toEqual([1, 2, 3, 4, 3, 4, 5])
  expect(messages(alice, own).slice(4, 6)).toEqual(messages(alice, own).slice(2, 4))
  expect(seqs(alice, second)).toEqual([1, 2, 3, 4, 5])
  expect(seqs(sam, theirs)).toEqual([1, 2, 3, 4, 5])
})

test('[P4] a sync after the end sends nothing, and the next message comes once', async () => {
  await using talk = await conversation()
  const { alice, own } = talk
  await says(alice, own, 'one', 'two')
  for (const after of [2, 3, 1_000, Number.MAX_SAFE_INTEGER]) alice.perform(own, 'sync', { after })
  await says(alice, own, 'three')
  expect(seqs(alice, own)).toEqual([1, 2, 3])
})

test('[P4] a sync over many pages comes whole and in order while others go on writing', async () => {
  await using talk = await conversation()
  const { alice, sam, own, theirs, chat_id, at } = talk
  for (let n = 1; n <= 350; n++) sam.perform(theirs, 'send_message', { content: `${n}` })
  await until('all are stored', () => messages(sam, theirs).length === 350)
  await using late = await at.cable(at.token('alice'))
  const identifier = await late.subscribe({ channel: CHANNEL, chat_id })
  late.perform(identifier, 'sync', { after: 0 })
  for (let n = 351; n <= 400; n++) alice.perform(own, 'send_message', { content: `${n}` })
  await until('the last is there', () => seqs(late, identifier).at(-1) === 400)
  // What was live before the sync was read comes first; from then on nothing is missing and nothing comes twice.
  const all = seqs(late, identifier)
  expect(all.slice(all.lastIndexOf(1))).toEqual(Array.from({ length: 400 }, (_, index) => index + 1))
})

test('[P4] who subscribes hears what comes from then on, and what was before on request', async () => {
  await using talk = await conversation()
  const { at, alice, own, chat_id } = talk
  await says(alice, own, 'one', 'two')
  await using later = await at.cable(at.token('alice'))
  const identifier = await later.subscribe({ channel: CHANNEL, chat_id })
  await says(alice, own, 'three')
  await until('the third is there', () => messages(later, identifier).length === 1)
  later.perform(identifier, 'sync', { after: 0 })
  await until('all are there', () => messages(later, identifier).length === 4)
  expect(seqs(later, identifier)).toEqual([3, 1, 2, 3])
})

test.each([
  ['too long', 'too_large', 'x'.repeat(10_001)],
  ['longer than 10,000 characters of two units each', 'too_large', '😀'.repeat(10_001)],
  ['with a NUL', 'invalid', 'a\0b'],
  ['of half a character', 'invalid', 'a\ud800b'],
])('[P8] only the sender hears that a message %s is refused', async (_, code, content) => {
  await using talk = await conversation()
  const { at, alice, sam, own, theirs, chat_id } = talk
  const second = await alice.subscribe({ channel: 'ChatChannel', chat_id })
  alice.perform(own, 'send_message', { content, client_id: 'c-1' })
  await until('it is refused', () => others(alice, own).length === 1)
  const { error, ...rest } = others(alice, own)[0]
  expect(rest).toEqual({ type: 'message_rejected', client_id: 'c-1' })
  expect(error).toEqual({ code, message: expect.any(String) })
  await says(alice, own, 'a good one')
  await until('everyone has it', () => messages(alice, second).length + messages(sam, theirs).length === 2)
  expect([...others(alice, second), ...others(sam, theirs)]).toEqual([])
  expect(await json(at, 'alice', '/support_chat/messages?after=0')).toHaveLength(1)
})

test('a message of 10,000 characters is kept as it was sent', async () => {
  await using talk = await conversation()
  const { alice, own } = talk
  await says(alice, own, '😀'.repeat(10_000))
  expect(others(alice, own)).toEqual([])
})

test('[P3] a retried message is stored once, and with another content it is a conflict', async () => {
  await using talk = await conversation()
  const { at, alice, own, chat_id } = talk
  await using tab = await at.cable(at.token('alice'))
  const other = await tab.subscribe({ channel: CHANNEL, chat_id })
  for (let time = 0; time < 3; time++) {
    alice.perform(own, 'send_message', { content: 'hello', client_id: 'same' })
    tab.perform(other, 'send_message', { content: 'hello', client_id: 'same' })
  }
  await until('it is there', () => messages(alice, own).length === 1)
  tab.perform(other, 'send_message', { content: 'something else', client_id: 'same' })
  await until('it is refused', () => others(tab, other).length === 1)
  expect(others(tab, other)[0]).toMatchObject({
    type: 'message_rejected',
    client_id: 'same',
    error: { code: 'conflict' },
  })
  await says(alice, own, 'next')
  await until('the other tab has it', () => contents(tab, other).includes('next'))
  expect(contents(alice, own)).toEqual(['hello', 'next'])
  expect(contents(tab, other)).toEqual(['hello', 'next'])
  expect(others(alice, own)).toEqual([])
})

test('[P8] who writes too fast is told how long to wait, and is heard again after that', async () => {
  const clock = new FakeClock()
  await using talk = await conversation({ rateLimit: 3, clock })
  const { alice, sam, own, theirs } = talk
  await says(alice, own, 'one', 'two', 'three')
  clock.advance(4_000)
  alice.perform(own, 'send_message', { content: 'four', client_id: 'c-4' })
  await until('it is refused', () => others(alice, own).length === 1)
  expect(others(alice, own)[0]).toEqual({
    type: 'message_rejected',
    client_id: 'c-4',
    error: { code: 'rate_limited', message: expect.any(String), retry_after: 6 },
  })
  await says(sam, theirs, 'an answer')
  clock.advance(6_000)
  await says(alice, own, 'four')
  expect(seqs(alice, own)).toEqual([1, 2, 3, 4, 5])
  expect(others(sam, theirs)).toEqual([])
})

test('surrounding white space is not kept', async () => {
  await using talk = await conversation()
  const { alice, own } = talk
  alice.perform(own, 'send_message', { content: ' \n\tfirst line\n second line \u3000' })
  await until('it comes back', () => messages(alice, own).length === 1)
  expect(contents(alice, own)).toEqual(['first line\n second line'])
})

test('[P5] a read mark covers what was shown, moves only forward, and is told to everyone in the chat', async () => {
  await using talk = await conversation()
  const { at, alice, sam, own, theirs } = talk
  await says(sam, theirs, 'one', 'two', 'three')
  await until('alice has them', () => messages(alice, own).length === 3)
  const unread = async () => (await json(at, 'alice', '/support_chat/summary')).unread_count

  alice.perform(own, 'mark_read', { through: 2 })
  await until('both hear of it', () => others(alice, own).length + others(sam, theirs).length === 2)
  expect(others(sam, theirs)).toEqual([
    { type: 'messages_read', through: 2, read_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
  ])
  expect(others(alice, own)).toEqual(others(sam, theirs))
  expect(await unread()).toBe(1)

  alice.perform(own, 'mark_read', { through: 1 }) // backwards
  sam.perform(theirs, 'mark_read', { through: 3 }) // not the reader
  await says(sam, theirs, 'four')
  await until('alice has it', () => messages(alice, own).length === 4)
  expect(await unread()).toBe(2)
  alice.perform(own, 'mark_read', { through: 900 }) // never past what exists
  await until('it is told', () => others(sam, theirs).length === 2)
  expect(others(sam, theirs)[1]).toMatchObject({ type: 'messages_read', through: 4 })
  expect(await unread()).toBe(0)

  alice.perform(own, 'mark_read', { through: 4 }) // nothing left
  await says(sam, theirs, 'five')
  await until('alice has that', () => messages(alice, own).length === 5)
  expect(await unread()).toBe(1)
  alice.perform(own, 'mark_read')
  await until('all that is there counts as read', () => others(sam, theirs).length === 3)
  expect(others(sam, theirs)[2]).toMatchObject({ through: 5 })
  expect(await unread()).toBe(0)
})

test('[P5] a view mark covers what was shown, moves only forward, and changes the row of the list', async () => {
  await using talk = await conversation()
  const { at, alice, sam, own, theirs, rows } = talk
  await says(alice, own, 'one', 'two')
  await until(
    'the list has them',
    () => sam.events(rows).filter((e) => e.type === 'new_user_message').length === 2,
  )
  const before = sam.events(rows).length
  const isUnread = async () => (await json(at, 'sam', '/admin/chats'))[0].unread

  sam.perform(theirs, 'mark_viewed', { through: 1 })
  await until('alice hears of it', () => others(alice, own).length === 1)
  expect(await isUnread()).toBe(true)
  alice.perform(own, 'mark_viewed', { through: 2 }) // not an admin
  sam.perform(theirs, 'mark_viewed', { through: 1 }) // again
  await says(alice, own, 'three')
  await says(sam, theirs, 'four')
  expect(others(alice, own)).toHaveLength(1)
  expect(await isUnread()).toBe(true)
  sam.perform(theirs, 'mark_viewed', { through: 900 })
  await until('alice hears of that', () => others(alice, own).length === 2)
  expect(others(alice, own)).toEqual([
    { type: 'messages_viewed', through: 1 },
    { type: 'messages_viewed', through: 4 },
  ])
  const updates = () =>
    sam
      .events(rows)
      .slice(before)
      .filter((event) => event.type === 'chat_updated')
  await until('the list too', () => updates().length === 3)
  expect(updates().map(({ chat }) => [chat.unread, chat.message_count])).toEqual([
    [true, 2], // viewed in part
    [true, 4], // answered
    [false, 4], // viewed whole
  ])
  expect(await isUnread()).toBe(false)
})

test('[P5] a mark that names the state it was made in counts in that state alone', async () => {
  await using talk = await conversation()
  const { at, alice, sam, own, theirs } = talk
  await says(sam, theirs, 'one', 'two')
  await says(alice, own, 'three')
  await until('alice has them', () => messages(alice, own).length === 3)
  const answer = await at.call(at.token('alice'), 'GET', '/support_chat')
  const epoch = answer.headers.get('deskbell-epoch')
  const marks = [
    [alice, own, 'mark_read'],
    [sam, theirs, 'mark_viewed'],
  ] as const
  for (const [client, chat, action] of marks) {
    for (const other of ['another', '', 7, {}]) client.perform(chat, action, { through: 2, epoch: other })
    client.perform(chat, action, { through: 1, epoch })
  }
  await until('they hear of those that count', () => others(alice, own).length === 2)
  const told = others(alice, own).map(({ type, through }) => [type, through])
  expect(new Set(told)).toEqual(
    new Set([
      ['messages_read', 1],
      ['messages_viewed', 1],
    ]),
  )
})

test('admins hear of every user message, and of every other change of a row', async () => {
  await using talk = await conversation()
  const { at, chat_id, alice, sam, own, theirs, rows } = talk
  const kinds = () => sam.events(rows).map((event) => event.type)
  await says(alice, own, 'first')
  await until('the new row is told', () => kinds().includes('chat_updated'))
  expect(kinds().sort()).toEqual(['chat_updated', 'new_user_message'])
  expect(sam.events(rows).find((event) => event.type === 'new_user_message')).toEqual({
    type: 'new_user_message',
    chat_id,
    user_email: 'alice@example.com',
    message: messages(alice, own)[0].message,
  })
  await says(sam, theirs, 'an answer')
  await until('the answer changes the row', () => kinds().length === 3)
  expect(sam.events(rows)[2]).toMatchObject({
    type: 'chat_updated',
    chat: { id: chat_id, last_message_sender: 'admin', last_message_preview: 'an answer', message_count: 2 },
  })
  const admin = at.token('sam', { role: 'admin' })
  await at.call(admin, 'POST', `/admin/chats/${chat_id}/archive`)
  await until('archiving changes the row', () => kinds().length === 4)
  await says(alice, own, 'again')
  await until('the message restores it', () => kinds().length === 6)
  expect(sam.events(rows)[3].chat.archived).toBe(true)
  expect(
    sam
      .events(rows)
      .slice(4)
      .find((event) => event.type === 'chat_updated').chat.archived,
  ).toBe(false)
  sam.perform(rows, 'send_message', { content: 'to nobody', chat_id })
  await says(alice, own, 'the last')
  expect(contents(alice, own)).not.toContain('to nobody')
})
