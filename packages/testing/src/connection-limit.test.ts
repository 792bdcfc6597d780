import { expect, test } from 'vitest'
import { CableClient } from './cable-client.ts'
import { FakeClock } from './fake-clock.ts'
import { RawSocket } from './raw-socket.ts'
import { type TestDesk, testDesk } from './test-desk.ts'
import { until } from './until.ts'

const HOUR_S = 3600

/** Asks for the event stream of one's own chat, over a connection that can be aborted. */
async function listen(
  at: TestDesk,
  sub: string,
  { headers = {}, hours = 1 }: { headers?: Record<string, string>; hours?: number } = {},
) {
  const hangUp = new AbortController()
  const token = at.token(sub, { exp: Math.floor(Date.now() / 1000) + hours * HOUR_S })
  const response = await fetch(`${at.url}/api/support_chat/events?token=${token}`, {
    headers,
    signal: hangUp.signal,
  })
  return { response, hangUp: () => hangUp.abort(), [Symbol.dispose]: () => hangUp.abort() }
}

/** Asks until there is a place. */
async function listensAgain(at: TestDesk, sub: string) {
  return await until('a place is free', async () => {
    const stream = await listen(at, sub)
    if (stream.response.status === 200) return stream
    expect(stream.response.status).toBe(429)
    stream.hangUp()
    return null
  })
}

const cableRefusal = async (at: TestDesk) => {
  await using client = new CableClient(`ws://127.0.0.1:${at.port}/cable?token=${at.token('bob')}`)
  await until('it is answered', () => client.refusedWith ?? client.talk.length > 0)
  return client.refusedWith
}

test('[P8] an address has so many sockets and event streams together, and no more', async () => {
  await using at = await testDesk({ connectionLimit: 3 })
  const chatId = await at.openChat('alice')
  await using cable = await at.cable(at.token('alice'))
  await using plain = new CableClient(
    `ws://127.0.0.1:${at.port}/ws/chat?chat_id=${chatId}&token=${at.token('alice')}`,
    { protocols: [] },
  )
  await until('the plain socket is open', () => plain.socket.readyState === 1)
  using events = await listen(at, 'alice')
  expect(events.response.status).toBe(200)

  const { response } = await listen(at, 'alice')
  expect(response.status).toBe(429)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await response.json()).toMatchObject({ code: 'rate_limited', retry_after: expect.any(Number) })
  expect(await cableRefusal(at)).toBe(429)
  // What is no connection is answered as ever.
  expect((await at.call(at.token('alice'), 'GET', '/support_chat')).status).toBe(200)

  cable.socket.close()
  using next = await listensAgain(at, 'alice')
  expect([next.response.status, await cableRefusal(at)]).toEqual([200, 429])
  next.hangUp()
  await until('a socket has the place of the stream', async () => (await cableRefusal(at)) === null)
})

test('[P8] the admins’ streams count, too', async () => {
  await using at = await testDesk({ connectionLimit: 2 })
  const chatId = await at.openChat('alice')
  const statuses = []
  const hangUp = new AbortController()
  for (const path of ['/admin/events', `/admin/chats/${chatId}/events`, '/admin/events']) {
    const headers = { authorization: `Bearer ${at.token('sam', { role: 'admin' })}` }
    statuses.push((await fetch(`${at.url}/api${path}`, { headers, signal: hangUp.signal })).status)
  }
  expect(statuses).toEqual([200, 200, 429])
  hangUp.abort()
})

/** Every way in which a stream comes to its end. */
const ENDINGS: [string, (at: TestDesk, clock: FakeClock) => Promise<void>][] = [
  [
    'its reader hangs up',
    async (at) => {
      const { hangUp } = await listensAgain(at, 'alice')
      hangUp()
    },
  ],
  [
    'its caller is signed out',
    async (at) => {
      const { response } = await listensAgain(at, 'alice')
      at.desk.revoke({ id: 'alice' })
      await response.text()
    },
  ],
  [
    'its caller is signed out and hangs up at once',
    async (at) => {
      const { hangUp } = await listensAgain(at, 'alice')
      at.desk.revoke({ id: 'alice' })
      at.desk.revoke({ id: 'alice' })
      hangUp()
    },
  ],
  [
    'its token does',
    async (at, clock) => {
      const { response } = await listensAgain(at, 'alice')
      clock.advance(2 * HOUR_S * 1000)
      await response.text()
      clock.advance(-2 * HOUR_S * 1000)
    },
  ],
  [
    'its reader takes nothing',
    async (at) => {
      const lazy = new RawSocket(at.port)
      lazy.write(
        `GET /api/support_chat/events?token=${at.token('alice')} HTTP/1.1\r\nHost: desk.example\r\n\r\n`,
      )
      await until('the stream is open', () => lazy.answer)
      expect(lazy.answer).toMatch(/^HTTP\/1\.1 200 /)
      lazy.socket.pause()
      const content = 'x'.repeat(10_000)
      await until('the desk gives the lazy one up', async () => {
        const send = () => at.call(at.token('alice'), 'POST', '/support_chat/messages', { content })
        await Promise.all(Array.from({ length: 50 }, send))
        return (await openStreams(at)) === 1
      })
      lazy.socket.destroy()
    },
  ],
  [
    'there is no such chat',
    async (at) => {
      expect((await listen(at, 'stranger')).response.status).toBe(404)
    },
  ],
  [
    'nobody but a HEAD request asked',
    async (at) => {
      const { status } = await at.call(at.token('alice'), 'HEAD', '/support_chat/events')
      expect(status).toBe(200)
    },
  ],
]

test.each(ENDINGS)('a stream gives its place back once, when %s', async (_, ends) => {
  const clock = new FakeClock()
  await using at = await testDesk({ connectionLimit: 2, clock })
  for (const sub of ['alice', 'bea']) await at.openChat(sub)
  using stays = await listen(at, 'bea', { hours: 24 })
  expect(stays.response.status).toBe(200)
  for (let time = 0; time < 2; time++) await ends(at, clock)
  using next = await listensAgain(at, 'alice')
  // Given back twice, the place of the one that stays would be free, too.
  using refused = await listen(at, 'alice')
  expect([next.response.status, refused.response.status]).toEqual([200, 429])
})

test('[P8] another address has places of its own, and an IPv6 network is one address', async () => {
  await using at = await testDesk({ connectionLimit: 1, trustProxy: 1 })
  await at.openChat('alice')
  const statuses = []
  for (const address of [
    '2001:db8:1:2::1',
    '2001:DB8:1:2::2',
    '2001:db8:1:3::1',
    '192.0.2.1',
    '::ffff:192.0.2.1',
  ]) {
    const { response } = await listen(at, 'alice', { headers: { 'x-forwarded-for': address } })
    statuses.push(response.status)
  }
  expect(statuses).toEqual([200, 429, 200, 200, 429])
})

async function openStreams({ desk }: TestDesk): Promise<number> {
  const text = await (await desk.fetch(new Request('http://desk.example/metrics'))).text()
  return Number(/^deskbell_connections\{kind="events"\} (\d+)$/m.exec(text)?.[1] ?? Number.NaN)
}
