import { describe, expect, test } from 'vitest'
import { createConnection } from './connection.ts'
import { createAdminChat } from './support-chat.ts'
import { MemoryClient } from './testing/memory-client.ts'
import type { MemoryDesk } from './testing/memory-desk.ts'

type Between = Partial<Pick<MemoryDesk, 'socketsAre' | 'streamsAre'>>

/** What lies between, and the step that is left. */
const STEPS: { step: string; status: string; between: Between }[] = [
  { step: 'the cable', status: 'online', between: {} },
  { step: 'the stream', status: 'online', between: { socketsAre: 'blocked' } },
  { step: 'the stream beside hanging upgrades', status: 'online', between: { socketsAre: 'hanging' } },
  { step: 'polls', status: 'polling', between: { socketsAre: 'blocked', streamsAre: 'blocked' } },
  {
    step: 'polls beside hanging upgrades and a gathering proxy',
    status: 'polling',
    between: { socketsAre: 'hanging', streamsAre: 'buffered' },
  },
]

const OUTAGES: { outage: string; begin(desk: MemoryDesk): void }[] = [
  {
    outage: 'every line is cut',
    begin(desk) {
      desk.network = 'down'
      desk.cut()
    },
  },
  { outage: 'nothing comes through, and nobody is told', begin: (desk) => desk.stall() },
  {
    outage: 'a captive portal answers',
    begin(desk) {
      desk.network = 'portal'
      desk.cut()
    },
  },
]

/** Alice, who waits as long as anyone ever does, with her chat open on a step. */
async function aliceOn(between: Between, options: object = {}): Promise<MemoryClient> {
  const alice = new MemoryClient({ random: () => 1, ...options })
  Object.assign(alice.desk, between)
  await alice.open()
  await alice.live(5_000)
  return alice
}

const statusOf = ({ chat }: MemoryClient) => chat.getSnapshot().status
const texts = ({ log }: MemoryDesk) => log.map(({ content }) => content)
const pollsOf = ({ calls }: MemoryDesk) => calls.filter((call) => call === 'GET /support_chat').length
const openStreams = ({ streams }: MemoryDesk) => streams.filter(({ isOpen }) => isOpen).length

describe.each(STEPS)('on $step', ({ status, between }) => {
  test('both sides are heard', async () => {
    using alice = await aliceOn(between)
    expect(statusOf(alice)).toBe(status)
    alice.chat.send('Hello')
    alice.desk.reply('Good morning')
    await alice.live(5_000)
    expect(alice.sees().toSorted()).toEqual(['Good morning', 'Hello'])
    alice.chat.markRead()
    await alice.live(500)
    expect(alice.desk.userReadSeq).toBe(2)
  })

  test.each(OUTAGES)('[P3] [P4] all is well within 5 s after $outage', async ({ begin }) => {
    using alice = await aliceOn(between)
    const { desk } = alice
    alice.chat.send('on its way')
    begin(desk)
    await alice.live(30_000)
    expect(statusOf(alice)).toBe('offline')
    alice.chat.send('written meanwhile')
    for (let count = 1; count <= 120; count++) desk.reply(`reply ${count}`)
    await alice.live(2_000)
    desk.network = 'up'
    await alice.live(5_000)
    expect(alice.sees().filter((text) => text.startsWith('reply'))).toEqual(
      Array.from({ length: 120 }, (_, index) => `reply ${index + 1}`),
    )
    await alice.live(5_000)
    expect(alice.sees()).toEqual(texts(desk))
    expect(texts(desk).filter((text) => !text.startsWith('reply'))).toEqual([
      'on its way',
      'written meanwhile',
    ])
    expect(alice.chat.getSnapshot().unreadCount).toBe(120)
    expect(statusOf(alice)).toBe(status)
  })

  test('[P4] the dot never lies for longer than 7 s', async () => {
    using alice = await aliceOn(between)
    alice.desk.stall()
    await alice.live(7_000)
    expect(['connecting', 'offline']).toContain(statusOf(alice))
    await alice.live(10_000)
    expect(statusOf(alice)).toBe('offline')
  })

  test('a token that runs out is renewed, and nothing is missed', async () => {
    const given: string[] = []
    const accepted = new Set<string>()
    const token = () => {
      given.push(`token ${given.length + 1}`)
      accepted.add(`token ${given.length}`)
      return `token ${given.length}`
    }
    using alice = await aliceOn(between, { token })
    const { desk } = alice
    desk.acceptedTokens = accepted
    for (const reply of ['one', 'two', 'three']) {
      for (const old of given) desk.expire(old)
      desk.reply(reply)
      await alice.live(5_000)
      expect(alice.sees().at(-1)).toBe(reply)
      await alice.live(5_000)
      expect(statusOf(alice)).toBe(status)
    }
    // A poll and a try of a higher step may each have met the end of the same token.
    expect(given.length).toBeLessThanOrEqual(1 + 3 * 2)
  })

  test('closing leaves no timer, request, socket or stream', async () => {
    const alice = await aliceOn(between)
    alice.desk.stall()
    await alice.live(3_000)
    alice.chat.close()
    await alice.live(250)
    expect(alice.clock.pendingCount).toBe(0)
    expect(alice.desk.underWay).toBe(0)
    expect(alice.desk.openLines).toBe(0)
    const calls = alice.desk.calls.length
    alice.wake()
    await alice.live(60_000)
    expect(alice.desk.calls).toHaveLength(calls)
  })
})

test('while the cable is up nothing else runs', async () => {
  using alice = await aliceOn({})
  const calls = alice.desk.calls.length
  await alice.live(300_000)
  expect(alice.desk.calls).toHaveLength(calls)
  expect(alice.desk.sockets).toHaveLength(1)
})

test('a blocked socket costs no time, a hanging one two seconds', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked' })
  expect(alice.desk.calls.filter((call) => call.includes('/events'))).toEqual([
    'GET /support_chat/events?after=0',
  ])
  using bob = new MemoryClient()
  bob.desk.socketsAre = 'hanging'
  await bob.open()
  await bob.live(1_750)
  expect(statusOf(bob)).toBe('connecting')
  await bob.live(750)
  expect(statusOf(bob)).toBe('online')
})

test('polls ask each 5 s', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked', streamsAre: 'blocked' })
  const before = pollsOf(alice.desk)
  await alice.live(60_000)
  expect(pollsOf(alice.desk) - before).toBeGreaterThanOrEqual(11)
  expect(pollsOf(alice.desk) - before).toBeLessThanOrEqual(13)
})

test('it climbs back step by step, and each step ends the one below', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked', streamsAre: 'blocked' })
  const { desk } = alice
  expect(statusOf(alice)).toBe('polling')
  desk.streamsAre = 'open'
  await alice.live(35_000)
  expect(statusOf(alice)).toBe('online')
  expect(openStreams(desk)).toBe(1)
  const polled = desk.calls.length
  await alice.live(20_000)
  expect(desk.calls).toHaveLength(polled)
  desk.socketsAre = 'open'
  await alice.live(35_000)
  expect(statusOf(alice)).toBe('online')
  expect(openStreams(desk)).toBe(0)
  expect(desk.openLines).toBe(1)
})

test('climbing from one step to the next is not seen, and nothing is missed or doubled', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked' })
  const seen = new Set<string>()
  alice.chat.subscribe(() => seen.add(statusOf(alice)))
  alice.desk.socketsAre = 'open'
  for (let count = 1; count <= 140; count++) {
    alice.desk.reply(`reply ${count}`)
    await alice.live(250)
  }
  expect(alice.desk.openLines).toBe(1)
  expect(openStreams(alice.desk)).toBe(0)
  expect(alice.sees()).toEqual(texts(alice.desk))
  expect([...seen]).toEqual(['online'])
})

test.each(['open', 'blocked'] as const)(
  'a cable is tried again soon, then less and less, down to each half minute, with streams that are %s',
  async (streamsAre) => {
    using alice = await aliceOn({ socketsAre: 'blocked', streamsAre })
    await alice.live(20_000)
    expect(alice.desk.sockets.length).toBeGreaterThanOrEqual(4)
    await alice.live(100_000)
    const before = alice.desk.sockets.length
    await alice.live(300_000)
    expect(alice.desk.sockets.length - before).toBeGreaterThanOrEqual(8)
    expect(alice.desk.sockets.length - before).toBeLessThanOrEqual(10)
  },
)

test('[P4] a desk that comes back after a restart has everyone on the cable soon', async () => {
  using alice = await aliceOn({})
  alice.desk.isUp = false
  alice.desk.cut()
  await alice.live(60_000)
  alice.desk.isUp = true
  await alice.live(8_000)
  expect(openStreams(alice.desk)).toBe(0)
  expect(alice.desk.openLines).toBe(1)
})

test('[P4] however long nothing works, each step is tried each 4 s', async () => {
  using alice = await aliceOn({})
  const { desk } = alice
  desk.isUp = false
  desk.cut()
  await alice.live(60_000)
  const before = { sockets: desk.sockets.length, calls: desk.calls.length }
  await alice.live(60_000)
  const calls = desk.calls.slice(before.calls)
  const tries = [
    desk.sockets.length - before.sockets,
    calls.filter((call) => call.includes('/events')).length,
    calls.filter((call) => call === 'GET /support_chat').length,
  ]
  for (const count of tries) {
    expect(count).toBeGreaterThanOrEqual(14)
    expect(count).toBeLessThanOrEqual(16)
  }
})

test('waking tries the higher steps at once', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked', streamsAre: 'blocked' })
  await alice.live(120_000)
  alice.desk.socketsAre = alice.desk.streamsAre = 'open'
  alice.wake()
  await alice.live(500)
  expect(statusOf(alice)).toBe('online')
  expect(openStreams(alice.desk)).toBe(0)
})

test('[P4] waking polls at once where nothing worked, and leaves alone what works', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked', streamsAre: 'blocked' })
  const { desk } = alice
  desk.isUp = false
  await alice.live(60_000)
  desk.isUp = true
  desk.reply('Good morning')
  alice.wake()
  await alice.live(250)
  expect(alice.sees()).toEqual(['Good morning'])
  const seen = new Set<string>()
  alice.chat.subscribe(() => seen.add(statusOf(alice)))
  await alice.live(500)
  alice.wake()
  await alice.live(5_000)
  expect([...seen]).toEqual([])
})

test('[P4] waking doubts a stream that stays silent', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked' })
  alice.desk.stall()
  await alice.clock.advance(1_000)
  alice.wake()
  await alice.clock.advance(3_500)
  expect(statusOf(alice)).not.toBe('online')
})

test('[P4] a page that slept looks at once whether its stream is still there', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked' })
  alice.desk.stall()
  alice.clock.sleep(3_600_000)
  alice.desk.reply('sleep well')
  alice.desk.isUp = true
  alice.wake()
  await alice.live(250)
  expect(alice.sees()).toEqual(['sleep well'])
})

test('[P3] a message under way while the steps change is stored once', async () => {
  using alice = await aliceOn({})
  const { desk } = alice
  const clientId = alice.chat.send('Hello')
  // The desk has it; its echo is lost with the cable, and there is no other.
  desk.note('Hello', clientId)
  desk.socketsAre = 'blocked'
  desk.cut()
  await alice.live(3_000)
  expect(alice.sees()).toEqual(['Hello'])
  alice.chat.send('by POST')
  desk.socketsAre = 'open'
  alice.wake()
  await alice.live(3_000)
  expect(alice.sees()).toEqual(['Hello', 'by POST'])
  expect(texts(desk)).toEqual(['Hello', 'by POST'])
})

test('[P3] a POST that hangs does not keep the message once another step works', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked', streamsAre: 'blocked' })
  const { desk } = alice
  desk.stall()
  alice.chat.send('Hello')
  await alice.live(8_000)
  desk.network = 'up'
  await alice.live(5_000)
  expect(alice.sees()).toEqual(['Hello'])
  expect(texts(desk)).toEqual(['Hello'])
})

test('[P4] a page of older messages that never came does not keep the newer ones back', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked', streamsAre: 'blocked' })
  const { desk } = alice
  for (let count = 1; count <= 120; count++) desk.reply(`reply ${count}`)
  const before = pollsOf(desk)
  while (pollsOf(desk) === before) await alice.live(250)
  desk.stall()
  await alice.live(8_000)
  expect(desk.calls).toContain('GET /support_chat/messages?after=0&limit=200')
  desk.network = 'up'
  await alice.live(5_000)
  expect(alice.sees()).toEqual(texts(desk))
})

test('[P4] a gap is filled soon, also while an older answer never comes', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked', streamsAre: 'blocked' })
  const { desk } = alice
  for (let count = 1; count <= 120; count++) desk.reply(`reply ${count}`)
  const before = pollsOf(desk)
  while (pollsOf(desk) === before) await alice.live(250)
  desk.stall()
  await alice.live(8_000)
  desk.network = 'up'
  desk.socketsAre = 'open'
  alice.wake()
  await alice.live(1_000)
  desk.reply('lost on the way')
  desk.sockets.at(-1)?.toClient.pop()
  desk.reply('the next')
  await alice.live(1_000)
  expect(alice.sees()).toEqual(texts(desk))
})

test.each(['a page', 'a mark', 'a mark that is to be repeated'])(
  'closing leaves nothing of %s that was under way',
  async (what) => {
    const alice = await aliceOn({ socketsAre: 'blocked' })
    const { desk } = alice
    desk.reply('one')
    await alice.live(250)
    if (what === 'a page') {
      desk.streams.at(-1)?.push({ type: 'new_message', message: { ...desk.log[0], seq: 3 } })
      await alice.live(250)
    }
    if (what === 'a mark that is to be repeated') desk.oddAnswers = [new Response('busy', { status: 503 })]
    else desk.stall()
    if (what !== 'a page') alice.chat.markRead()
    await alice.clock.advance(500)
    alice.chat.close()
    await alice.clock.advance(0)
    expect(alice.clock.pendingCount).toBe(0)
    expect(desk.underWay + desk.openLines).toBe(0)
  },
)

test('what was read is told to the desk by whatever step is left', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked', streamsAre: 'blocked' })
  const { desk } = alice
  desk.reply('one')
  await alice.live(5_000)
  desk.isUp = false
  alice.chat.markRead()
  await alice.live(10_000)
  desk.isUp = true
  await alice.live(5_000)
  expect(desk.userReadSeq).toBe(1)
})

test('[P5] a mark that the desk could not take is repeated', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked' })
  const { desk } = alice
  desk.reply('one')
  await alice.live(500)
  desk.oddAnswers = [new Response('busy', { status: 503 })]
  alice.chat.markRead()
  await alice.live(5_000)
  expect(desk.userReadSeq).toBe(1)
})

test('a refused token ends every step until it is woken', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked' }, { token: () => 'old' })
  const { desk } = alice
  desk.acceptedTokens = new Set()
  desk.expire('old')
  await alice.live(10_000)
  expect(statusOf(alice)).toBe('offline')
  const events = () => desk.calls.filter((call) => call.includes('/events')).length
  const before = events()
  await alice.live(60_000)
  expect(events()).toBe(before)
  desk.acceptedTokens = null
  alice.wake()
  await alice.live(500)
  expect(statusOf(alice)).toBe('online')
})

test('[P7] a stream that the desk does not give is not asked for again', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked' })
  const { desk } = alice
  desk.chatExists = false
  desk.cut()
  await alice.live(60_000)
  expect(alice.chat.getSnapshot()).toMatchObject({ status: 'offline', error: { code: 'not_found' } })
  expect(desk.calls.filter((call) => call.includes('/events'))).toHaveLength(2)
})

test('[P8] lines of a stream that make no sense are ignored', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked' })
  const [stream] = alice.desk.streams
  stream?.write('data: {\n\ndata: null\n\ndata: 7\n\nevent: news\nid: x\ndata:\n\n\r\n: data: {}\n\n')
  alice.desk.reply('Good morning')
  await alice.live(500)
  expect(alice.sees()).toEqual(['Good morning'])
  expect(openStreams(alice.desk)).toBe(1)
})

test('no token ever stands in an address', async () => {
  using alice = await aliceOn({ socketsAre: 'blocked' }, { token: () => 'secret' })
  expect(alice.desk.streams[0]?.token).toBe('secret')
  expect(alice.desk.calls.join()).not.toContain('secret')
})

describe.each(STEPS)('for an admin on $step', ({ status, between }) => {
  test('[P4] a chat and the list beside it are followed over one connection', async () => {
    using alice = new MemoryClient()
    const { desk, clock } = alice
    Object.assign(desk, between)
    desk.note('Hello')
    const common = { baseUrl: 'https://desk.test/api', fetch: desk.fetch, clock, random: () => 1 }
    const connection = createConnection({
      ...common,
      url: 'wss://desk.test/cable',
      WebSocket: desk.WebSocket,
    })
    let listed = 0
    connection.subscribe(
      { channel: 'AdminNotificationChannel' },
      {
        received: () => {},
        confirmed: () => listed++,
        poll: async () => ++listed > 0,
      },
    )
    const chat = createAdminChat({ ...common, connection, chatId: 'chat-1' })
    await chat.open()
    await alice.live(6_000)
    expect(connection.status).toBe(status)
    expect(listed).toBeGreaterThan(0)

    desk.isUp = false
    desk.cut()
    for (let count = 1; count <= 450; count++) desk.note(`note ${count}`)
    await alice.live(20_000)
    expect(connection.status).toBe('offline')
    desk.isUp = true
    await alice.live(5_000)
    expect(chat.getSnapshot().messages.map(({ content }) => content)).toEqual(texts(desk))
    chat.close()
    connection.close()
    await alice.live(250)
    expect(clock.pendingCount).toBe(0)
    expect(desk.openLines + desk.underWay).toBe(0)
  })
})
