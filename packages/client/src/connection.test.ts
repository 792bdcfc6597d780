import { expect, test } from 'vitest'
import { type ConnectionOptions, createConnection } from './connection.ts'
import { FakeClock, settled } from './testing/fake-clock.ts'
import { MemoryDesk } from './testing/memory-desk.ts'

function connect(options: Partial<ConnectionOptions> = {}) {
  const clock = new FakeClock()
  const desk = new MemoryDesk(clock)
  const signals = { wake: () => {}, isListening: false }
  const connection = createConnection({
    url: 'wss://desk.test/cable',
    fetch: desk.fetch,
    WebSocket: desk.WebSocket,
    clock,
    random: () => 1,
    signals: (wake) => {
      Object.assign(signals, { wake, isListening: true })
      return () => {
        signals.isListening = false
      }
    },
    ...options,
  })
  const heard: unknown[] = []
  const subscribe = () =>
    connection.subscribe(
      { channel: 'SupportChatChannel', chat_id: 'chat-1' },
      {
        received: (event) => heard.push(event),
        confirmed: () => heard.push('confirmed'),
        lost: () => heard.push('lost'),
        rejected: () => heard.push('rejected'),
      },
    )
  /** Lets calls be answered as well as frames travel. */
  const settle = async () => {
    for (let turn = 0; turn < 4; turn++) await desk.flush()
  }
  return { clock, desk, connection, signals, heard, subscribe, settle }
}

test('the cable offers its subprotocols, and the token beside them', async () => {
  const { desk, connection } = connect({ token: () => 'a.b.c' })
  await settled()
  expect(desk.sockets[0]?.protocols).toEqual([
    'actioncable-v1-json',
    'actioncable-unsupported',
    'deskbell-token.a.b.c',
  ])
  connection.close()
})

test('a subscription is asked for once, confirmed once, and again after a reconnect', async () => {
  const { clock, desk, connection, heard, subscribe } = connect()
  subscribe()
  await desk.flush()
  expect(heard).toEqual(['confirmed'])
  desk.cut()
  expect(connection.status).toBe('connecting')
  await clock.advance(1_000)
  await desk.flush()
  expect(heard).toEqual(['confirmed', 'lost', 'confirmed'])
  expect(connection.status).toBe('online')
  connection.close()
})

test('two subscribers of the same chat share one subscription', async () => {
  const { desk, connection, heard, subscribe } = connect()
  const first = subscribe()
  await desk.flush()
  const second = subscribe()
  await desk.flush()
  expect(heard).toEqual(['confirmed', 'confirmed'])
  first.unsubscribe()
  expect(first.perform('sync', { after: 0 })).toBe(false)
  desk.reply('still there')
  await desk.flush()
  expect(heard).toHaveLength(3)
  second.unsubscribe()
  desk.reply('nobody listens')
  await desk.flush()
  expect(heard).toHaveLength(3)
  connection.close()
})

test('[P4] a silent line is given up after two heartbeats and dialled again at once', async () => {
  const { clock, desk, connection } = connect()
  await desk.flush()
  await clock.advance(6_499)
  expect(connection.status).toBe('online')
  await clock.advance(1)
  expect(connection.status).toBe('connecting')
  await clock.advance(1_000)
  await desk.flush()
  expect(connection.status).toBe('online')
  connection.close()
})

test('[P4] however long the desk was away, the next attempt is never more than 4 s off', async () => {
  const { clock, desk, connection } = connect()
  desk.isUp = false
  await desk.flush()
  expect(connection.status).toBe('offline')
  for (let round = 0; round < 20; round++) {
    await clock.advance(4_000)
    await desk.flush()
  }
  desk.isUp = true
  await clock.advance(4_000)
  await desk.flush()
  expect(connection.status).toBe('online')
  connection.close()
})

test('[P4] waking dials at once, and doubts a line that stays silent', async () => {
  const { clock, desk, connection, signals } = connect()
  desk.isUp = false
  await desk.flush()
  desk.isUp = true
  signals.wake()
  await desk.flush()
  expect(connection.status).toBe('online')
  await clock.advance(1_000)
  signals.wake()
  await clock.advance(3_400)
  expect(connection.status).toBe('connecting')
  connection.close()
})

test('a refused token is asked for once more; if that is refused too, the cable stays offline until it is woken', async () => {
  const tokens = ['old', 'old', 'new']
  const { clock, desk, connection, signals } = connect({ token: () => tokens.shift() ?? 'new' })
  desk.acceptedTokens = new Set(['new'])
  await desk.flush()
  expect(connection.status).toBe('offline')
  expect(desk.sockets).toHaveLength(2)
  await clock.advance(60_000)
  expect(desk.sockets).toHaveLength(2)
  signals.wake()
  await desk.flush()
  expect(connection.status).toBe('online')
  connection.close()
})

test('[P8] frames that make no sense are ignored', async () => {
  const { desk, connection, heard, subscribe } = connect()
  subscribe()
  await desk.flush()
  const socket = desk.sockets[0]
  for (const data of [
    '{',
    'null',
    '7',
    new ArrayBuffer(1),
    '{"type":"news"}',
    '{"identifier":"other","message":1}',
  ]) {
    socket?.onmessage?.({ data })
  }
  expect(heard).toEqual(['confirmed'])
  expect(connection.status).toBe('online')
  connection.close()
})

test('closing leaves no timer, socket or listener', async () => {
  const { clock, desk, connection, signals, subscribe } = connect()
  subscribe()
  await desk.flush()
  connection.close()
  expect(clock.pendingCount).toBe(0)
  expect(desk.sockets.every((socket) => socket.readyState === 3)).toBe(true)
  expect(signals.isListening).toBe(false)
})

test('who leaves before the stream is live hears nothing of it', async () => {
  const { desk, connection, heard, subscribe } = connect()
  subscribe()
  await desk.flush()
  subscribe().unsubscribe()
  await settled()
  expect(heard).toEqual(['confirmed'])
  connection.close()
})

test('what never was live is not lost', async () => {
  const { desk, connection, heard, subscribe } = connect()
  subscribe()
  await settled()
  desk.cut()
  await settled()
  expect(heard).toEqual([])
  connection.close()
})

test('[P8] a socket that does not begin with a welcome is not the desk', async () => {
  const { clock, desk, connection } = connect()
  await desk.flush()
  desk.cut()
  await clock.advance(1_000)
  desk.sockets.at(-1)?.onmessage?.({ data: '{"type":"ping","message":0}' })
  expect(connection.status).toBe('connecting')
  connection.close()
})

test('a token that comes after the end opens nothing', async () => {
  let give = (_token: string) => {}
  const token = () => new Promise<string>((resolve) => (give = resolve))
  const { desk, connection } = connect({ token })
  await settled()
  connection.close()
  give('a.b.c')
  await settled()
  expect(desk.sockets).toEqual([])
})

test('whoever closes on bad news is obeyed', async () => {
  const { clock, desk, connection, signals, subscribe } = connect()
  const subscription = subscribe()
  await desk.flush()
  connection.onStatus(() => connection.close())
  clock.sleep(60_000)
  signals.wake()
  await settled()
  expect(clock.pendingCount).toBe(0)
  expect(desk.openLines).toBe(0)
  subscription.unsubscribe()
  expect(connection.status).toBe('offline')
})

const BASE = 'https://desk.test/api'
const CHAT = { channel: 'SupportChatChannel', chat_id: 'chat-1' }

test('of two who follow a chat by a stream, neither misses anything', async () => {
  const { desk, connection, settle } = connect({ baseUrl: BASE })
  desk.socketsAre = 'blocked'
  connection.subscribe(CHAT, { received: () => {}, after: () => 3 })
  connection.subscribe(CHAT, { received: () => {}, after: () => 1 })
  await settle()
  expect(desk.calls).toEqual(['GET /admin/chats/chat-1/events?after=1'])
  connection.close()
})

test('nothing of a stream is heard after the end', async () => {
  const { desk, connection, settle } = connect({ baseUrl: BASE })
  const heard: unknown[] = []
  desk.socketsAre = 'blocked'
  connection.subscribe(CHAT, {
    received(event) {
      heard.push(event)
      connection.close()
    },
  })
  await settle()
  desk.streams[0]?.write('data: {"type":"one"}\n\ndata: {"type":"two"}\n\n')
  await desk.flush()
  expect(heard).toEqual([{ type: 'one' }])
})

test('a list and a chat are polled side by side, and the status is that of whoever is worst off', async () => {
  const { clock, desk, connection } = connect({ baseUrl: BASE })
  const worked = { list: true, chat: true }
  Object.assign(desk, { socketsAre: 'blocked', streamsAre: 'blocked' })
  const follow = (params: typeof CHAT | { channel: string }, name: 'list' | 'chat') =>
    connection.subscribe(params, { received: () => {}, poll: async () => worked[name] })
  follow({ channel: 'AdminNotificationChannel' }, 'list')
  await desk.flush()
  await clock.advance(3_000)
  expect(connection.status).toBe('polling')

  // One who comes later need not find out alone that there are no streams.
  desk.streamsAre = 'buffered'
  const chat = follow(CHAT, 'chat')
  await desk.flush()
  expect(connection.status).toBe('polling')
  worked.chat = false
  await clock.advance(7_000)
  expect(connection.status).toBe('offline')
  chat.unsubscribe()
  expect(connection.status).toBe('polling')

  follow({ channel: 'AdminNotificationChannel' }, 'chat')
  await clock.advance(7_000)
  expect(connection.status).toBe('offline')
  worked.chat = true
  await clock.advance(5_000)
  expect(connection.status).toBe('polling')
  Object.assign(desk, { socketsAre: 'open', streamsAre: 'open' })
  connection.wake()
  await desk.flush()
  expect(connection.status).toBe('online')
  connection.close()
})

test('a poll that throws is one that failed, and one that outlasts the end leaves nothing', async () => {
  const { clock, desk, connection } = connect({ baseUrl: BASE })
  Object.assign(desk, { socketsAre: 'blocked', streamsAre: 'blocked' })
  const answers: (() => Promise<boolean>)[] = [async () => true, () => Promise.reject(new Error('no list'))]
  let answer = () => {}
  const pending = () => new Promise<boolean>((resolve) => (answer = () => resolve(true)))
  connection.subscribe(CHAT, { received: () => {}, poll: () => (answers.shift() ?? pending)() })
  await desk.flush()
  await clock.advance(1_000)
  expect(connection.status).toBe('polling')
  await clock.advance(5_000)
  expect(connection.status).toBe('connecting')
  await clock.advance(4_000)
  connection.close()
  answer()
  await settled()
  expect(clock.pendingCount).toBe(0)
})

test('polls keep to each 5 s, however long an answer takes', async () => {
  const { clock, desk, connection } = connect({ baseUrl: BASE })
  Object.assign(desk, { socketsAre: 'blocked', streamsAre: 'blocked' })
  const asked: number[] = []
  connection.subscribe(CHAT, {
    received: () => {},
    poll() {
      asked.push(clock.now())
      return new Promise((resolve) => clock.setTimeout(() => resolve(true), 2_000))
    },
  })
  await desk.flush()
  await clock.advance(30_000)
  expect(asked.slice(1).map((at, index) => at - (asked[index] ?? 0))).toEqual(Array(5).fill(5_000))
  expect(connection.status).toBe('polling')
  connection.close()
})
