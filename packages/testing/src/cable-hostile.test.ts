import { MAX_FRAME_BYTES } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import type { CableClient } from './cable-client.ts'
import { BINARY, clientFrame, PING, RawSocket, upgradeRequest } from './raw-socket.ts'
import { type TestDesk, testDesk } from './test-desk.ts'
import { Uncaught } from './uncaught.ts'
import { until } from './until.ts'

const CHANNEL = 'SupportChatChannel'

/** A well-behaved user who is there before the trouble. */
async function bystander(at: TestDesk) {
  const chat_id = await at.openChat('bea')
  const client = await at.cable(at.token('bea'))
  const identifier = await client.subscribe({ channel: CHANNEL, chat_id })
  return { client, identifier }
}

async function isServed({ client, identifier }: { client: CableClient; identifier: string }) {
  const seen = client.events(identifier).length
  client.perform(identifier, 'send_message', { content: 'still here' })
  await until('the bystander is still served', () => client.events(identifier).length === seen + 1)
  expect(client.closed).toBeNull()
}

test('[P8] a frame above 64 KiB ends only the connection that sent it', async () => {
  await using at = await testDesk()
  const other = await bystander(at)
  await using rude = await at.cable(at.token('rude'))
  rude.socket.send('x'.repeat(MAX_FRAME_BYTES + 1))
  await until('the sender is cut off', () => rude.closed?.code === 1009)
  await isServed(other)
})

test('[P8] a frame of exactly 64 KiB is read', async () => {
  await using at = await testDesk()
  await using alice = await at.cable(at.token('alice'))
  const command = { command: 'subscribe', identifier: '{"channel":"Nowhere"}', padding: '' }
  command.padding = 'x'.repeat(MAX_FRAME_BYTES - JSON.stringify(command).length)
  alice.send(command)
  await until('it is answered', () => alice.talk.at(-1).type === 'reject_subscription')
})

test.each([
  ['an unmasked frame', clientFrame('{"command":"subscribe"}', { masked: false })],
  ['an unmasked binary frame', clientFrame('junk', { opcode: BINARY, masked: false })],
  ['a reserved opcode', clientFrame('', { opcode: 0x3 })],
  ['a text that is not UTF-8', clientFrame(Buffer.from([0xc3, 0x28]))],
  ['a length that nobody could keep', Buffer.from([0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255])],
  ['bytes that are no frame', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
])('[P8] %s harms nobody but its sender', async (_, bytes) => {
  using uncaught = new Uncaught()
  await using at = await testDesk()
  const other = await bystander(at)
  await using raw = new RawSocket(at.port)
  raw.write(upgradeRequest(`/cable?token=${at.token('rude')}`))
  await raw.hears(1)
  raw.write(bytes)
  await until('the sender is cut off', () => raw.isClosed)
  await isServed(other)
  expect(uncaught.errors).toEqual([])
})

test.each([
  ['a host with credentials', '/cable', { Host: 'a@b' }],
  ['a host with a path', '/cable', { Host: 'a/b?c#d' }],
  ['a host that is none', '/cable', { Host: ':::' }],
  ['an origin that is none', '/cable', { Origin: 'not an origin' }],
  ['another protocol', '/cable', { Upgrade: 'h2c' }],
  ['an old version', '/cable', { 'Sec-WebSocket-Version': '7' }],
  ['a short key', '/cable', { 'Sec-WebSocket-Key': 'short' }],
  ['subprotocols that are none', '/cable', { 'Sec-WebSocket-Protocol': ',,' }],
  ['bytes above ASCII', '/cable?token=\xff', { 'X-Odd': '\xff\xfe' }],
  ['a broken query', '/cable?%%%&token=%ff', {}],
  ['a chat id in pieces', '/ws/chat?chat_id[]=%00', {}],
  ['another path', '/elsewhere', {}],
])('[P8] a handshake with %s harms nobody', async (_, path, headers) => {
  using uncaught = new Uncaught()
  await using at = await testDesk()
  const other = await bystander(at)
  await using raw = new RawSocket(at.port)
  raw.write(Buffer.from(upgradeRequest(path, headers), 'latin1'))
  await until('it is answered', () => raw.answer !== null)
  await isServed(other)
  expect(uncaught.errors).toEqual([])
})

test.each(['/cable', '/ws/chat', '/elsewhere'])(
  '[P8] someone who hangs up on %s harms nobody',
  async (path) => {
    using uncaught = new Uncaught()
    await using at = await testDesk()
    const other = await bystander(at)
    for (let round = 0; round < 20; round++) {
      const raw = new RawSocket(at.port)
      await until('it is connected', () => !raw.socket.connecting)
      raw.write(upgradeRequest(`${path}?token=${at.token('rude')}`))
      if (round % 2 === 0) setImmediate(() => raw.socket.resetAndDestroy())
      else raw.socket.resetAndDestroy()
      await until('it is gone', () => raw.isClosed)
    }
    await isServed(other)
    expect(uncaught.errors).toEqual([])
  },
)

test('[P8] a client that stops reading is closed, and the others hear everything', async () => {
  await using at = await testDesk()
  const chat_id = await at.openChat('bea')
  await using reader = await at.cable(at.token('sam', { role: 'admin' }))
  const all = await reader.subscribe({ channel: CHANNEL, chat_id })
  await using bea = await at.cable(at.token('bea'))
  const own = await bea.subscribe({ channel: CHANNEL, chat_id })
  await using lazy = new RawSocket(at.port)
  lazy.write(upgradeRequest(`/cable?token=${at.token('bea')}`))
  await lazy.hears(1)
  // Many subscriptions of one chat: every message is written to this connection again and again.
  const spellings = Array.from({ length: 150 }, (_, n) => JSON.stringify({ channel: CHANNEL, chat_id, n }))
  for (const identifier of spellings) {
    lazy.write(clientFrame(JSON.stringify({ command: 'subscribe', identifier })))
  }
  await lazy.hears(1 + spellings.length)
  lazy.socket.pause()

  let sent = 0
  await until('the desk gives the lazy one up', async () => {
    bea.perform(own, 'send_message', { content: `${'x'.repeat(9_000)} ${++sent}` })
    await until('the reader hears it', () => reader.events(all).length === sent)
    return (await openConnections(at.desk)) === 2
  })
  expect(reader.events(all).map(({ message }) => message.seq)).toEqual(
    Array.from({ length: sent }, (_, index) => index + 1),
  )
  expect([reader.closed, bea.closed]).toEqual([null, null])
  // Each message is 1.35 MB to the lazy one: what the kernel holds for it, and not much more.
  expect(sent).toBeLessThan(30)
})

test('[P8] a client that pings and never reads the answers is closed', async () => {
  await using at = await testDesk()
  const other = await bystander(at)
  await using lazy = new RawSocket(at.port)
  lazy.write(upgradeRequest(`/cable?token=${at.token('rude')}`))
  await lazy.hears(1)
  lazy.socket.pause()
  const pings = Buffer.concat(
    Array.from({ length: 4_000 }, () => clientFrame('p'.repeat(125), { opcode: PING })),
  )
  await until('the desk gives it up', async () => {
    if (lazy.socket.writableLength < pings.length) lazy.write(pings)
    return (await openConnections(at.desk)) === 1
  })
  await isServed(other)
})

async function openConnections(desk: TestDesk['desk']): Promise<number> {
  const text = await (await desk.fetch(new Request('http://desk.example/metrics'))).text()
  return Number(/^deskbell_connections\{[^}]*kind="cable"[^}]*\} (\d+)$/m.exec(text)?.[1] ?? Number.NaN)
}
