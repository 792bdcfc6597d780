import { expect, test } from 'vitest'
import { createConnection } from './connection.ts'
import { FakeClock, settled } from './testing/fake-clock.ts'
import { MemoryDesk } from './testing/memory-desk.ts'

function connect(token?: () => string | null) {
  const clock = new FakeClock()
  const desk = new MemoryDesk(clock)
  const signals = { wake: () => {}, isListening: false }
  const connection = createConnection({
    url: 'wss://desk.test/cable',
    token,
    WebSocket: desk.WebSocket,
    clock,
    random: () => 1,
    signals: (wake) => {
      Object.assign(signals, { wake, isListening: true })
      return () => {
        signals.isListening = false
      }
    },
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
  return { clock, desk, connection, signals, heard, subscribe }
}

test('the cable offers its subprotocols, and the token beside them', async () => {
  const { desk, connection } = connect(() => 'a.b.c')
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
  const { clock, desk, connection, signals } = connect(() => tokens.shift() ?? 'new')
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
