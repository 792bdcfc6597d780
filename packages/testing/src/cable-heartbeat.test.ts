import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CableClient } from './cable-client.ts'
import { FakeClock } from './fake-clock.ts'
import { CLOSE, clientFrame, PING, RawSocket, upgradeRequest } from './raw-socket.ts'
import { testDesk } from './test-desk.ts'
import { until } from './until.ts'

// The desk's beat is driven by hand; sockets and everything else run in real time.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

const CHANNEL = 'SupportChatChannel'
const pings = (client: CableClient) => client.frames.filter((frame) => frame.type === 'ping')

test('every socket is pinged each 3 s with the time in seconds', async () => {
  const clock = new FakeClock()
  await using at = await testDesk({ clock })
  const clients = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((sub) => at.cable(at.token(sub))))
  for (let beat = 1; beat <= 4; beat++) {
    clock.advance(3_000)
    vi.advanceTimersByTime(3_000)
    await until('everyone is pinged', () => clients.every((client) => pings(client).length >= beat))
    for (const client of clients) {
      expect(pings(client)).toHaveLength(beat)
      expect(pings(client).at(-1)).toEqual({ type: 'ping', message: Math.floor(clock.ms / 1000) })
    }
  }
  await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()))
})

test('no ping is left out because data flows', async () => {
  await using at = await testDesk()
  const chat_id = await at.openChat('alice')
  await using alice = await at.cable(at.token('alice'))
  const chat = await alice.subscribe({ channel: CHANNEL, chat_id })
  let sent = 0
  for (let beat = 1; beat <= 3; beat++) {
    for (let part = 0; part < 6; part++) {
      alice.perform(chat, 'send_message', { content: `${++sent}` })
      await until('it is echoed', () => alice.events(chat).length === sent)
      vi.advanceTimersByTime(500)
    }
    await until('the ping comes all the same', () => pings(alice).length === beat)
  }
})

test('a token that expires ends the socket, and the client is told to come back with a fresh one', async () => {
  const clock = new FakeClock()
  await using at = await testDesk({ clock })
  const chatId = await at.openChat('alice')
  const soon = at.token('alice', { exp: Math.floor(clock.ms / 1000) + 60 })
  await using alice = await at.cable(soon)
  await using plain = new CableClient(`ws://127.0.0.1:${at.port}/ws/chat?id=${chatId}&token=${soon}`, {
    protocols: [],
  })
  await until('the plain socket is open', () => plain.socket.readyState === 1)
  await using bob = await at.cable(at.token('bob'))
  clock.advance(58_000)
  vi.advanceTimersByTime(3_000)
  await until('the beat came by', () => pings(alice).length === 1)
  expect([alice.closed, plain.closed]).toEqual([null, null])

  clock.advance(3_000)
  vi.advanceTimersByTime(3_000)
  await until('they are closed', () => alice.closed && plain.closed)
  expect(alice.talk.at(-1)).toEqual({ type: 'disconnect', reason: 'token_expired', reconnect: true })
  expect(alice.closed).toEqual({ code: 1008, reason: 'token_expired' })
  expect(plain.closed).toEqual({ code: 1008, reason: 'token_expired' })
  await until('whose token is good is pinged on', () => pings(bob).length === 2)
  expect(bob.closed).toBeNull()
})

test('a peer that is gone without a word is let go, one that answers stays', async () => {
  await using at = await testDesk()
  await using alice = await at.cable(at.token('alice'))
  let answered = 0
  alice.socket.on('ping', () => answered++)
  await using gone = new RawSocket(at.port) // it never answers a ping of the WebSocket protocol
  gone.write(upgradeRequest(`/cable?token=${at.token('gone')}`))
  await gone.hears(1)
  vi.advanceTimersByTime(3_000)
  await until('both are asked', () => answered === 1 && gone.frames.some(({ opcode }) => opcode === PING))
  // The answer is on its way: what is sent after it and answered proves that it has arrived.
  const identifier = '{"channel":"Nowhere"}'
  alice.send({ command: 'subscribe', identifier })
  await until('the answer has arrived', () => alice.talk.some((frame) => frame.identifier === identifier))
  expect(gone.isClosed).toBe(false)
  vi.advanceTimersByTime(30_000)
  await until('the silent one is dropped', () => gone.isClosed)
  expect(gone.frames.some(({ opcode }) => opcode === CLOSE)).toBe(false)
  expect(alice.closed).toBeNull()
  await until('the other is asked again', () => answered === 2)
})

test('a plain socket hears no ping of the cable', async () => {
  await using at = await testDesk()
  const chatId = await at.openChat('alice')
  await using raw = new RawSocket(at.port)
  raw.write(upgradeRequest(`/ws/chat?chat_id=${chatId}&token=${at.token('alice')}`))
  await until('it is open', () => raw.answer)
  vi.advanceTimersByTime(9_000)
  raw.write(clientFrame('{"action":"send_message","content":"hello"}'))
  await until('its message comes back', () => raw.frames.some(({ text }) => text.includes('new_message')))
  expect(raw.frames.filter(({ text }) => text.includes('"ping"'))).toEqual([])
})
