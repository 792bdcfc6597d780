import { EPOCH_HEADER } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { createConnection } from './connection.ts'
import { createAdminChat } from './support-chat.ts'
import { settled } from './testing/fake-clock.ts'
import { MemoryClient } from './testing/memory-client.ts'

test('what is sent shows at once, and turns sent when the desk has it', async () => {
  using alice = new MemoryClient()
  await alice.open()
  alice.chat.send('  Hello  ')
  expect(alice.sees()).toEqual(['Hello (sending)'])
  await alice.desk.flush()
  expect(alice.sees()).toEqual(['Hello'])
  expect(alice.storage.kept.size).toBe(0)
})

test('nothing is created, stored or connected before the first message', async () => {
  using alice = new MemoryClient()
  alice.desk.chatExists = false
  await alice.open()
  expect(alice.chat.getSnapshot()).toMatchObject({ phase: 'ready', chatId: null, status: 'online' })
  expect(alice.desk.calls).toEqual(['GET /support_chat/summary'])
  expect(alice.desk.sockets).toEqual([])
  expect(alice.storage.kept.size).toBe(0)
  alice.chat.send('Hello')
  await alice.live(500)
  expect(alice.sees()).toEqual(['Hello'])
})

test('a visitor becomes known with the first message', async () => {
  using alice = new MemoryClient({ isVisitor: true })
  alice.desk.chatExists = false
  alice.desk.acceptedTokens = new Set(['visitor-token'])
  await alice.open()
  expect(alice.desk.calls).toEqual([])
  alice.chat.send('Hello')
  await alice.live(500)
  // Nothing that had to be refused first.
  expect(alice.desk.calls.slice(0, 3)).toEqual([
    'POST /visitors',
    'GET /support_chat',
    'POST /support_chat/messages',
  ])
  expect(alice.sees()).toEqual(['Hello'])
  expect([...alice.storage.kept]).toEqual([['deskbell:visitor:https://desk.test/api', 'visitor-token']])
})

test('who signs in brings the chat of the visitor along', async () => {
  using alice = new MemoryClient()
  alice.storage.kept.set('deskbell:visitor:https://desk.test/api', 'visitor-token')
  await alice.open()
  expect(alice.desk.calls[0]).toBe('POST /support_chat/claim')
  expect(alice.storage.kept.size).toBe(0)
})

test('[P2] messages stay in the order in which they were written', async () => {
  using alice = new MemoryClient()
  await alice.open()
  for (const text of ['one', 'two', 'three']) alice.chat.send(text)
  await alice.desk.flush()
  expect(alice.sees()).toEqual(['one', 'two', 'three'])
})

test('[P3] a message whose acknowledgement was lost is stored once', async () => {
  using alice = new MemoryClient()
  await alice.open()
  const clientId = alice.chat.send('Hello')
  alice.desk.note('Hello', clientId)
  alice.desk.cut()
  await alice.live(3_000)
  expect(alice.sees()).toEqual(['Hello'])
  expect(alice.desk.log).toHaveLength(1)
})

test('[P3] an unsent message survives a reload and is stored once', async () => {
  using alice = new MemoryClient()
  await alice.open()
  alice.desk.isUp = false
  alice.desk.cut()
  alice.chat.send('Hello')
  await alice.live(2_000)
  alice.chat.close()
  alice.desk.isUp = true
  alice.load()
  await alice.open()
  await alice.live(1_000)
  expect(alice.sees()).toEqual(['Hello'])
  expect(alice.desk.log).toHaveLength(1)
  expect(alice.storage.kept.size).toBe(0)
})

test('[P2] what an earlier visit left unsent goes out before what is written now', async () => {
  using alice = new MemoryClient()
  await alice.open()
  alice.desk.isUp = false
  alice.desk.cut()
  alice.chat.send('one')
  alice.chat.close()
  alice.load()
  await alice.open()
  alice.chat.send('two')
  alice.desk.isUp = true
  await alice.live(5_000)
  expect(alice.desk.log.map(({ content }) => content)).toEqual(['one', 'two'])
})

test('[P3] a message written before the chat could be loaded survives a reload, too', async () => {
  using alice = new MemoryClient()
  alice.desk.chatExists = false
  alice.desk.isUp = false
  await alice.open()
  alice.chat.send('Hello')
  await settled()
  alice.chat.close()
  alice.desk.isUp = true
  alice.load()
  await alice.open()
  await alice.live(500)
  expect(alice.sees()).toEqual(['Hello'])
  expect(alice.storage.kept.size).toBe(0)
})

test('[P3] a repeat of a message that scrolled out of the newest page is recognised', async () => {
  using alice = new MemoryClient()
  await alice.open()
  alice.desk.isUp = false
  alice.desk.cut()
  const clientId = alice.chat.send('Hello')
  alice.chat.close()
  alice.desk.note('Hello', clientId)
  for (let count = 0; count < 60; count++) alice.desk.reply(`reply ${count}`)
  alice.desk.isUp = true
  alice.load()
  await alice.open()
  await alice.live(8_000)
  expect(alice.sees()).toEqual(alice.desk.log.slice(-50).map(({ content }) => content))
  expect(alice.storage.kept.size).toBe(0)
})

test('without a socket a message goes by POST', async () => {
  using alice = new MemoryClient()
  alice.desk.socketsAre = 'blocked'
  await alice.open()
  alice.chat.send('Hello')
  await alice.live(500)
  expect(alice.sees()).toEqual(['Hello'])
  expect(alice.desk.calls).toContain('POST /support_chat/messages')
})

test('a refused message is kept, can be sent again or deleted', async () => {
  using alice = new MemoryClient()
  await alice.open()
  alice.desk.refusals = Array(2).fill({ code: 'forbidden', message: 'Not now.' })
  const first = alice.chat.send('one')
  const second = alice.chat.send('two')
  await alice.desk.flush()
  expect(alice.sees()).toEqual(['one (failed)', 'two (failed)'])
  expect(alice.chat.getSnapshot().messages[0]?.error).toEqual({ code: 'forbidden', message: 'Not now.' })
  alice.chat.discard(first)
  alice.chat.retry(second)
  await alice.desk.flush()
  expect(alice.sees()).toEqual(['two'])
  expect(alice.storage.kept.size).toBe(0)
})

test('who writes too fast is sent later, without doing anything', async () => {
  using alice = new MemoryClient()
  await alice.open()
  alice.desk.refusals = [{ code: 'rate_limited', message: 'Slow down.', retry_after: 3 }]
  alice.chat.send('Hello')
  await alice.live(2_500)
  expect(alice.sees()).toEqual(['Hello (sending)'])
  await alice.live(1_500)
  expect(alice.sees()).toEqual(['Hello'])
})

test('[P4] messages missed while offline arrive once, in order', async () => {
  using alice = new MemoryClient()
  await alice.open()
  alice.desk.cut()
  for (let count = 1; count <= 120; count++) alice.desk.reply(`reply ${count}`)
  await alice.live(5_000)
  expect(alice.sees()).toEqual(alice.desk.log.map(({ content }) => content))
  expect(alice.chat.getSnapshot().unreadCount).toBe(120)
})

test('[P4] a chat that could not be loaded loads by itself once the desk is back', async () => {
  using alice = new MemoryClient()
  alice.desk.isUp = false
  alice.desk.note('earlier')
  await alice.open()
  expect(alice.chat.getSnapshot()).toMatchObject({
    phase: 'failed',
    status: 'offline',
    error: { code: 'unavailable' },
  })
  alice.desk.isUp = true
  await alice.live(4_500)
  expect(alice.sees()).toEqual(['earlier'])
  expect(alice.chat.getSnapshot()).toMatchObject({ phase: 'ready', status: 'online', error: null })
})

test("a captive portal's page is not the desk", async () => {
  using alice = new MemoryClient()
  const portal = new Response('<h1>Welcome</h1>', { headers: { 'content-type': 'text/html' } })
  alice.desk.oddAnswers = [portal]
  await alice.chat.open()
  expect(alice.chat.getSnapshot().error?.code).toBe('unavailable')
})

test('a refused token is renewed and the call repeated', async () => {
  const tokens = ['old', 'new']
  using alice = new MemoryClient({ token: () => tokens.shift() ?? 'new' })
  alice.desk.acceptedTokens = new Set(['new'])
  await alice.open()
  expect(alice.chat.getSnapshot()).toMatchObject({ phase: 'ready', status: 'online' })
})

test('[P5] reading covers what was shown, never more', async () => {
  using alice = new MemoryClient()
  for (let count = 1; count <= 3; count++) alice.desk.reply(`reply ${count}`)
  await alice.open()
  expect(alice.chat.getSnapshot().unreadCount).toBe(3)
  alice.desk.reply('not yet delivered')
  alice.chat.markRead(2)
  expect(alice.chat.getSnapshot().unreadCount).toBe(1)
  await alice.desk.flush()
  expect(alice.desk.userReadSeq).toBe(2)
  alice.desk.reply('not yet delivered either')
  alice.chat.markRead()
  await alice.desk.flush()
  expect(alice.desk.userReadSeq).toBe(4)
  expect(alice.chat.getSnapshot().unreadCount).toBe(1)
})

test('the desk knows whether the chat is looked at, after a lost connection as well', async () => {
  using alice = new MemoryClient()
  alice.desk.reply('Hello')
  await alice.open()
  alice.chat.look(true)
  await alice.desk.flush()
  expect(alice.desk.isLookedAt).toBe(true)
  alice.desk.cut()
  alice.desk.isLookedAt = false
  await alice.live(5_000)
  expect(alice.desk.isLookedAt).toBe(true)
  alice.chat.look(false)
  await alice.desk.flush()
  expect(alice.desk.isLookedAt).toBe(false)
})

test('reading on another screen counts here as well, also while this one was away', async () => {
  using alice = new MemoryClient()
  alice.desk.reply('one')
  alice.desk.reply('two')
  await alice.open()
  alice.desk.read(1)
  await alice.desk.flush()
  expect(alice.chat.getSnapshot().unreadCount).toBe(1)
  alice.desk.cut()
  alice.desk.read(2)
  await alice.live(1_000)
  expect(alice.chat.getSnapshot().unreadCount).toBe(0)
})

test('what was read without a connection is told to the desk on return', async () => {
  using alice = new MemoryClient()
  alice.desk.reply('one')
  await alice.open()
  alice.desk.isUp = false
  alice.desk.cut()
  alice.chat.markRead()
  await alice.live(1_000)
  alice.desk.isUp = true
  await alice.live(5_000)
  expect(alice.desk.userReadSeq).toBe(1)
})

test('what was read while the desk could not store it is told again, although the connection held', async () => {
  using alice = new MemoryClient()
  alice.desk.reply('one')
  await alice.open()
  alice.desk.losesMarks = true
  alice.chat.markRead()
  await alice.desk.flush()
  expect(alice.desk.userReadSeq).toBe(0)
  await alice.live(6_000)
  expect(alice.desk.userReadSeq).toBe(1)
  const calls = alice.desk.calls.length
  await alice.live(20_000)
  expect(alice.desk.calls).toHaveLength(calls)
})

test('unread replies older than the newest page are counted', async () => {
  using alice = new MemoryClient()
  for (let count = 1; count <= 70; count++) alice.desk.reply(`reply ${count}`)
  await alice.open()
  expect(alice.chat.getSnapshot().unreadCount).toBe(70)
  await alice.chat.loadOlder()
  expect(alice.chat.getSnapshot()).toMatchObject({ unreadCount: 70, hasOlder: false })
  expect(alice.sees()).toHaveLength(70)
  alice.chat.markRead()
  expect(alice.chat.getSnapshot().unreadCount).toBe(0)
})

test('the user sees nothing of the admins’ viewing', async () => {
  using alice = new MemoryClient()
  alice.desk.note('Hello')
  await alice.open()
  const before = alice.chat.getSnapshot()
  alice.desk.view(1)
  await alice.desk.flush()
  expect(alice.chat.getSnapshot()).toBe(before)
})

test('[P4] after a backup was put back, what is shown is what the desk has, and what was written meanwhile is sent', async () => {
  using alice = new MemoryClient()
  await alice.open()
  for (const text of ['one', 'two', 'three']) alice.chat.send(text)
  await alice.live(500)
  alice.desk.isUp = false
  alice.desk.restore(1)
  alice.chat.send('four')
  alice.desk.reply('another two')
  alice.desk.reply('another three')
  alice.desk.reply('another four')
  expect(alice.sees()).toEqual(['one', 'two', 'three', 'four (sending)'])
  alice.desk.isUp = true
  await alice.live(10_000)
  expect(alice.sees()).toEqual(['one', 'another two', 'another three', 'another four', 'four'])
  expect(alice.chat.getSnapshot()).toMatchObject({ unreadCount: 3, status: 'online' })
  expect(alice.desk.openLines).toBe(1)
})

test('[P4] an admin’s conversation begins anew after a restore, too', async () => {
  using alice = new MemoryClient()
  await alice.open()
  alice.chat.send('one')
  alice.chat.send('two')
  await alice.live(500)
  const { desk, clock } = alice
  const connection = createConnection({ url: 'wss://desk.test/cable', WebSocket: desk.WebSocket, clock })
  const common = { baseUrl: 'https://desk.test/api', fetch: desk.fetch, clock, random: () => 0 }
  const sam = createAdminChat({ ...common, connection, chatId: 'chat-1' })
  await sam.open()
  await desk.flush()
  const seen = () => sam.getSnapshot().messages.map(({ content }) => content)
  expect(seen()).toEqual(['one', 'two'])
  desk.restore(1)
  desk.note('another two')
  await alice.live(10_000)
  expect(seen()).toEqual(['one', 'another two'])
  sam.close()
  connection.close()
})

test.each(['open', 'blocked'] as const)(
  '[P5] what was seen before a backup was put back marks nothing of what the desk has since (sockets are %s)',
  async (socketsAre) => {
    using alice = new MemoryClient()
    const { desk, chat } = alice
    desk.socketsAre = socketsAre
    desk.streamsAre = socketsAre
    for (const text of ['one', 'two']) desk.reply(text)
    await alice.open()
    await alice.live(10_000)
    desk.isUp = false
    chat.markRead()
    desk.restore(0)
    for (const text of ['another one', 'another two']) desk.reply(text)
    desk.isUp = true
    await alice.live(30_000)
    expect(alice.sees()).toEqual(['another one', 'another two'])
    expect(chat.getSnapshot().unreadCount).toBe(2)
    expect(desk.userReadSeq).toBe(0)
    chat.markRead(1)
    await alice.live(10_000)
    expect([desk.userReadSeq, chat.getSnapshot().unreadCount]).toEqual([1, 1])
  },
)

test('[P5] a late word of the desk that a mark is stored says nothing of a chat that was restored since', async () => {
  using alice = new MemoryClient()
  const { desk } = alice
  desk.socketsAre = 'blocked'
  desk.streamsAre = 'blocked'
  desk.reply('one')
  const late = Promise.withResolvers<void>()
  const chat = alice.load({
    async fetch(input, init) {
      const answer = await desk.fetch(input, init)
      if (init?.method === 'PATCH') await late.promise
      return answer
    },
  })
  await alice.open()
  await alice.live(10_000)
  chat.markRead()
  await alice.live(500)
  expect(desk.userReadSeq).toBe(1)
  desk.restore(0)
  desk.reply('another one')
  await alice.live(10_000)
  expect(chat.getSnapshot().unreadCount).toBe(1)
  late.resolve()
  await alice.live(10_000)
  expect(alice.sees()).toEqual(['another one'])
  expect(chat.getSnapshot().unreadCount).toBe(1)
})

test('[P1] what was stored before a backup was put back, but told to the end only afterwards, is sent again', async () => {
  using alice = new MemoryClient()
  const { desk } = alice
  desk.socketsAre = 'blocked'
  desk.streamsAre = 'blocked'
  desk.reply('one')
  const late = Promise.withResolvers<void>()
  let isFirst = true
  const chat = alice.load({
    async fetch(input, init) {
      const answer = await desk.fetch(input, init)
      if (answer.headers.get(EPOCH_HEADER)?.endsWith('restored')) late.resolve()
      if (init?.method !== 'POST' || !isFirst) return answer
      isFirst = false
      const body = new ReadableStream({
        async start(controller) {
          await late.promise
          controller.enqueue(new Uint8Array(await answer.arrayBuffer()))
          controller.close()
        },
      })
      return new Response(body, answer)
    },
  })
  await alice.open()
  await alice.live(10_000)
  chat.send('two')
  await alice.live(500)
  expect(desk.log).toHaveLength(2)
  desk.restore(1)
  await alice.live(10_000)
  expect(desk.log.map(({ content }) => content)).toEqual(['one', 'two'])
  expect(alice.sees()).toEqual(['one', 'two'])
})

test('a snapshot stays the same object while nothing visible changes', async () => {
  using alice = new MemoryClient()
  alice.desk.reply('Hello')
  await alice.open()
  let changes = 0
  alice.chat.subscribe(() => changes++)
  const before = alice.chat.getSnapshot()
  alice.desk.ping()
  alice.desk.sockets[0]?.push({ identifier: 'other', message: {} })
  await alice.live(3_000)
  expect(alice.chat.getSnapshot()).toBe(before)
  expect(changes).toBe(0)
})

test('closing leaves no timer or socket; forgetting leaves no trace', async () => {
  const alice = new MemoryClient()
  await alice.open()
  alice.desk.isUp = false
  alice.desk.cut()
  alice.chat.send('Hello')
  await settled()
  alice.chat.forget()
  await settled()
  expect(alice.clock.pendingCount).toBe(0)
  expect(alice.desk.sockets.every((socket) => socket.readyState === 3)).toBe(true)
  expect(alice.storage.kept.size).toBe(0)
})

test('an admin answers over the shared cable, views what is shown and leaves the cable open', async () => {
  using alice = new MemoryClient()
  const { desk, clock } = alice
  desk.note('Hello')
  const connection = createConnection({ url: 'wss://desk.test/cable', WebSocket: desk.WebSocket, clock })
  const common = { baseUrl: 'https://desk.test/api', fetch: desk.fetch, clock, random: () => 0 }
  const chat = createAdminChat({ ...common, connection, chatId: 'chat-1' })
  await chat.open()
  await desk.flush()
  expect(chat.getSnapshot()).toMatchObject({ status: 'online', unreadCount: 0 })
  desk.note('Are you there?')
  await desk.flush()
  expect(chat.getSnapshot().unreadCount).toBe(1)
  chat.markRead()
  expect(chat.getSnapshot().unreadCount).toBe(0)
  desk.cut()
  const callsBefore = desk.calls.length
  await alice.live(1_500)
  expect(desk.calls.slice(callsBefore)).not.toContain('GET /admin/chats/chat-1')
  chat.close()
  expect(connection.status).toBe('online')
  connection.close()
})
