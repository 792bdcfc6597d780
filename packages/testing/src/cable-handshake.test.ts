import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDesk, openStore, toNodeHandler } from 'deskbell'
import { expect, test } from 'vitest'
import { CableClient } from './cable-client.ts'
import { CLOSE, clientFrame, RawSocket, upgradeRequest } from './raw-socket.ts'
import { type TestDesk, testDesk } from './test-desk.ts'
import { signToken, TEST_SECRET } from './token.ts'
import { until } from './until.ts'

const CABLE = 'actioncable-v1-json'
const UNSUPPORTED = 'actioncable-unsupported'
const WELCOME = '{"type":"welcome"}'

function connect(at: TestDesk, query: string, options: ConstructorParameters<typeof CableClient>[1] = {}) {
  return new CableClient(`ws://127.0.0.1:${at.port}/cable${query}`, options)
}

test.each([
  ['both protocols', [CABLE, UNSUPPORTED]],
  ['both the other way round', [UNSUPPORTED, CABLE]],
  ['the cable’s alone', [CABLE]],
  ['the cable’s among strangers', ['actioncable-v1-ext-json', CABLE]],
])('a client that offers %s speaks the cable’s', async (_, protocols) => {
  await using at = await testDesk()
  await using client = connect(at, `?token=${at.token('alice')}`, { protocols })
  await client.opened()
  expect(client.socket.protocol).toBe(CABLE)
})

test.each([
  ['only the unsupported protocol', UNSUPPORTED],
  ['only a newer protocol', 'actioncable-v1-ext-json'],
])('a client that offers %s gets none', async (_, offered) => {
  await using at = await testDesk()
  await using raw = new RawSocket(at.port)
  raw.write(upgradeRequest(`/cable?token=${at.token('alice')}`, { 'Sec-WebSocket-Protocol': offered }))
  await until('it is answered', () => raw.answer)
  expect(raw.answer).toMatch(/^HTTP\/1\.1 101 /)
  expect(raw.answer).not.toMatch(/sec-websocket-protocol/i)
})

test('a client that offers no protocol is welcome', async () => {
  await using at = await testDesk()
  await using client = connect(at, `?token=${at.token('alice')}`, { protocols: [] })
  await client.opened()
  expect(client.socket.protocol).toBe('')
})

test.each([
  ['beside the cable’s', [CABLE, UNSUPPORTED], CABLE],
  ['before the cable’s', [], undefined],
])('a token may travel as a subprotocol %s', async (_, others, chosen) => {
  await using at = await testDesk()
  const carrier = `deskbell-token.${at.token('alice')}`
  await using client = connect(at, '', { protocols: [carrier, ...others] })
  await client.opened()
  expect(client.socket.protocol).toBe(chosen ?? carrier)
})

test('a token may travel as a bearer', async () => {
  await using at = await testDesk()
  await using client = connect(at, '', { headers: { authorization: `Bearer ${at.token('alice')}` } })
  await client.opened()
})

test('the welcome comes first', async () => {
  await using at = await testDesk()
  await using raw = new RawSocket(at.port)
  raw.write(upgradeRequest(`/cable?token=${at.token('alice')}`))
  expect(await raw.hears(1)).toEqual([WELCOME])
})

test('commands that come before the welcome are kept', async () => {
  await using at = await testDesk()
  const identifier = JSON.stringify({ channel: 'SupportChatChannel', chat_id: await at.openChat('alice') })
  await using raw = new RawSocket(at.port)
  const commands = [
    { command: 'subscribe', identifier },
    { command: 'message', identifier, data: '{"action":"send_message","content":"early"}' },
  ]
  const frames = commands.map((command) => clientFrame(JSON.stringify(command)))
  raw.write(Buffer.concat([Buffer.from(upgradeRequest(`/cable?token=${at.token('alice')}`)), ...frames]))
  const [welcome, confirm, message] = await raw.hears(3)
  expect(welcome).toBe(WELCOME)
  expect(confirm).toBe(JSON.stringify({ identifier, type: 'confirm_subscription' }))
  expect(message).toContain('"content":"early"')
})

const ALICE = { sub: 'alice', email: 'alice@example.com', name: 'Alice' }
const past = () => Math.floor(Date.now() / 1000) - 60
const strangers: [string, (at: TestDesk) => string | null][] = [
  ['no token', () => null],
  ['an expired token', (at) => at.token('alice', { exp: past() })],
  ['a forged token', () => signToken(ALICE, { secret: 'another secret of thirty-two bytes' })],
  ['a token of another algorithm', () => signToken(ALICE, { alg: 'HS512' })],
  ['an unsigned token', () => signToken(ALICE, { alg: 'none' })],
  ['a token that is none', () => 'nonsense'],
]

test.each(strangers)(
  '[P7] someone with %s finishes the handshake, hears unauthorized and no welcome',
  async (_, tokenFor) => {
    await using at = await testDesk()
    const token = tokenFor(at)
    await using client = connect(at, token === null ? '' : `?token=${token}`)
    await until('the desk hangs up', () => client.closed)
    expect(client.socket.protocol).toBe(CABLE)
    expect(client.frames).toEqual([{ type: 'disconnect', reason: 'unauthorized', reconnect: false }])
    expect(client.closed).toEqual({ code: 1008, reason: 'unauthorized' })
  },
)

test('[P7] someone who is not authorized cannot talk on instead of hanging up', async () => {
  await using at = await testDesk()
  const identifier = JSON.stringify({ channel: 'SupportChatChannel', chat_id: await at.openChat('alice') })
  await using raw = new RawSocket(at.port)
  raw.write(upgradeRequest('/cable'))
  await raw.hears(1)
  raw.write(clientFrame(JSON.stringify({ command: 'subscribe', identifier })))
  await until('the desk drops the connection', () => raw.isClosed)
  expect(raw.texts).toEqual(['{"type":"disconnect","reason":"unauthorized","reconnect":false}'])
  expect(raw.frames.map(({ opcode }) => opcode).at(-1)).toBe(CLOSE)
})

test('when the host cannot say who someone is, they are told to come back', async () => {
  await using at = await testDesk({
    identify() {
      throw new Error('the host’s session store is down')
    },
  })
  await using client = connect(at, '')
  await until('the desk hangs up', () => client.closed)
  expect(client.frames).toEqual([{ type: 'disconnect', reason: 'server_restart', reconnect: true }])
})

test.each([
  ['a strange origin', 'https://evil.example', 403],
  ['an opaque origin', 'null', 403],
  ['an origin that only begins like ours', 'https://app.example.evil.example', 403],
  ['a listed origin', 'https://app.example', null],
  ['no origin', undefined, null],
])('[P7] a socket from %s is answered as it should', async (_, origin, refusal) => {
  await using at = await testDesk({ allowedOrigins: ['https://app.example'] })
  const chatId = await at.openChat('alice')
  const headers = origin === undefined ? {} : { origin }
  for (const path of ['/cable?', `/ws/chat?chat_id=${chatId}&`]) {
    const url = `ws://127.0.0.1:${at.port}${path}token=${at.token('alice')}`
    await using client = new CableClient(url, { headers, protocols: [] })
    await until('it is answered', () => client.refusedWith ?? client.socket.readyState === 1)
    expect(client.refusedWith).toBe(refusal)
  }
})

test('a socket from the desk’s own pages is welcome', async () => {
  await using at = await testDesk()
  await using client = connect(at, `?token=${at.token('alice')}`, { headers: { origin: at.url } })
  await client.opened()
})

test('[P8] an address has so many sockets and no more, until one closes', async () => {
  await using at = await testDesk({ connectionLimit: 2 })
  const chatId = await at.openChat('alice')
  const url = `ws://127.0.0.1:${at.port}/ws/chat?chat_id=${chatId}&token=${at.token('alice')}`
  await using first = await at.cable(at.token('alice'))
  await using second = new CableClient(url, { protocols: [] })
  await until('the second is open', () => second.socket.readyState === 1)
  for (const path of ['/cable', '/ws/chat']) {
    await using third = new RawSocket(at.port)
    third.write(upgradeRequest(`${path}?token=${at.token('bob')}`))
    await until('the third is refused', () => third.answer)
    expect(third.answer).toMatch(/^HTTP\/1\.1 429 .*\r\nRetry-After: \d+\r\n/s)
  }
  first.socket.close()
  await until('a place is free', () => first.closed)
  await using next = await at.cable(at.token('bob'))
  expect([second.closed, next.closed]).toEqual([null, null])
})

test('[P8] behind a proxy the limit counts the addresses that the proxy saw', async () => {
  await using at = await testDesk({ connectionLimit: 1, trustProxy: 1 })
  const from = (chain: string) =>
    connect(at, `?token=${at.token('alice')}`, { headers: { 'x-forwarded-for': chain } })
  await using first = await from('192.0.2.1').opened()
  await using liar = from('192.0.2.2, 192.0.2.1')
  await until('the second of that address is refused', () => liar.refusedWith === 429)
  await using other = await from('192.0.2.2').opened()
  expect([first.closed, other.closed]).toEqual([null, null])
})

test('[P8] the limit counts an IPv6 network as one address, and IPv4 in IPv6 as what it is', async () => {
  await using at = await testDesk({ connectionLimit: 1, trustProxy: 1 })
  const from = (address: string) =>
    connect(at, `?token=${at.token('alice')}`, { headers: { 'x-forwarded-for': address } })
  await using six = await from('2001:db8:1:2::1').opened()
  await using four = await from('192.0.2.1').opened()
  for (const other of ['2001:DB8:1:2:3:4:5:6', '::ffff:192.0.2.1']) {
    await using refused = from(other)
    await until(`${other} is refused`, () => refused.refusedWith === 429)
  }
  await using neighbour = await from('2001:db8:1:3::1').opened()
  expect([six.closed, four.closed, neighbour.closed]).toEqual([null, null, null])
})

test('a socket that comes while the database is brought up to date waits for it', async () => {
  const store = openStore('sqlite::memory:')
  let finish = () => {}
  const gate = new Promise<void>((resolve) => {
    finish = resolve
  })
  let busy: Promise<void> | undefined
  await new Promise<void>((taken) => {
    busy = store.db.connection().execute(() => {
      taken()
      return gate
    })
  })
  let asked = 0
  const desk = createDesk({
    store,
    secret: TEST_SECRET,
    logLevel: 'silent',
    identify() {
      asked++
      return { id: 'alice' }
    },
  })
  const server = createServer(toNodeHandler(desk))
  desk.attach(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await using early = new CableClient(`ws://127.0.0.1:${port}/cable`)
  await using nobody = new RawSocket(port)
  nobody.write(upgradeRequest('/cable', { Origin: 'https://evil.example' }))
  await until('a later upgrade is answered', () => nobody.answer)
  expect(asked).toBe(0)
  finish()
  await early.opened()
  expect(asked).toBe(1)
  await busy
  server.close()
  await desk.close()
  await store.close()
})
