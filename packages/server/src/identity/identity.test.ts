import { createHmac } from 'node:crypto'
import { DeskbellError } from '@deskbell/protocol'
import pino from 'pino'
import { expect, test } from 'vitest'
import { FakeClock } from '../testing/engine.ts'
import { signHostToken } from './host-token.ts'
import { createIdentity, type Identify, type IdentityParts } from './identity.ts'
import { derivedSecret } from './keys.ts'

const SECRET = 'a secret that only the tests know, 32+'
const clock = new FakeClock()
const ANN = { sub: '42', email: 'ann@example.com', name: 'Ann' }
const inAnHour = clock.now() + 3_600_000
const logged: string[] = []

function identity(parts: Partial<IdentityParts> = {}) {
  const log = pino({ level: 'debug' }, { write: (line) => void logged.push(line) })
  return createIdentity({
    engine: { clock, log, newId: () => '0197' },
    secret: SECRET,
    identify: null,
    sessions: null,
    visitors: true,
    origins: { publicOrigin: null, allowedOrigins: ['https://app.example'] },
    ...parts,
  })
}

function request(headers: Record<string, string>, path = '/api/support_chat', method = 'GET'): Request {
  return new Request(`http://desk.test${path}`, { method, headers: { host: 'desk.test', ...headers } })
}

const bearer = (token: string) => request({ authorization: `Bearer ${token}` })
const refused = (attempt: Promise<unknown>) =>
  expect(attempt).rejects.toMatchObject({ name: 'DeskbellError', code: 'unauthenticated' })

/** A token made by hand, so that it can be anything. */
function forge(header: object, claims: object, sign: (body: string) => string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${part(header)}.${part(claims)}`
  return `${body}.${sign(body)}`
}

const hmac = (hash: string, secret: string) => (body: string) =>
  createHmac(hash, secret).update(body).digest('base64url')

test('a token of the host tells who someone is, until when, and whether they are an admin', async () => {
  const token = await signHostToken(SECRET, ANN, inAnHour)
  expect(await identity().identify(bearer(token))).toEqual({
    role: 'user',
    id: '42',
    email: 'ann@example.com',
    name: 'Ann',
    locale: null,
    acceptedLocale: null,
    expiresAt: inAnHour,
    traits: null,
    session: null,
  })
  const admin = await signHostToken(SECRET, { ...ANN, role: 'admin' }, inAnHour)
  expect(await identity().identify(bearer(admin))).toMatchObject({ role: 'admin', id: '42' })
})

test('a request without any token is nobody’s', async () => {
  expect(await identity().identify(request({}))).toBeNull()
})

const exp = inAnHour / 1000
const claims = { ...ANN, exp }
/** As it comes out of JSON: what is undefined is not there. */
const without = (name: keyof typeof claims) => ({ ...claims, [name]: undefined })
const FORGED: [string, string][] = [
  ['of another secret', forge({ alg: 'HS256' }, claims, hmac('sha256', `${SECRET}!`))],
  ['without a signature', forge({ alg: 'none' }, claims, () => '')],
  ['with another algorithm', forge({ alg: 'HS512' }, claims, hmac('sha512', SECRET))],
  ['that never ends', forge({ alg: 'HS256' }, without('exp'), hmac('sha256', SECRET))],
  ['of nobody', forge({ alg: 'HS256' }, without('sub'), hmac('sha256', SECRET))],
  ['whose subject is a number', forge({ alg: 'HS256' }, { ...claims, sub: 1 }, hmac('sha256', SECRET))],
  ['whose subject is empty', forge({ alg: 'HS256' }, { ...claims, sub: '' }, hmac('sha256', SECRET))],
  [
    'whose subject is too long',
    forge({ alg: 'HS256' }, { ...claims, sub: 'x'.repeat(192) }, hmac('sha256', SECRET)),
  ],
  ['whose subject has a NUL', forge({ alg: 'HS256' }, { ...claims, sub: 'a\0b' }, hmac('sha256', SECRET))],
  ['whose address is none', forge({ alg: 'HS256' }, { ...claims, email: 'x' }, hmac('sha256', SECRET))],
  [
    'that poses as a visitor',
    forge({ alg: 'HS256' }, { ...claims, sub: 'visitor:1' }, hmac('sha256', SECRET)),
  ],
  [
    'that the host’s key signed as a visitor’s',
    forge(
      { alg: 'HS256', typ: 'deskbell-visitor+jwt' },
      { ...claims, sub: 'visitor:1' },
      hmac('sha256', SECRET),
    ),
  ],
  [
    'that the visitors’ key signed as the host’s',
    forge({ alg: 'HS256' }, { ...claims, role: 'admin' }, hmac('sha256', derivedSecret(SECRET, 'visitor'))),
  ],
  ['that is not a token', 'not-a-token'],
  ['of two parts', 'e30.e30'],
  ['of empty parts', '..'],
  ['whose header is no JSON', `${Buffer.from('{').toString('base64url')}.e30.AA`],
  ['whose header is a list', `${Buffer.from('[]').toString('base64url')}.e30.AA`],
  ['whose claims are a list', forge({ alg: 'HS256' }, [], hmac('sha256', SECRET))],
  ['with letters that are not base64url', 'é.é.é'],
  [
    'with a critical header nobody knows',
    forge({ alg: 'HS256', crit: ['x'], x: 1 }, claims, hmac('sha256', SECRET)),
  ],
]

test.each(FORGED)('[P7] a token %s is refused', async (_what, token) => {
  await refused(identity().identify(bearer(token)))
})

test.each([
  ['no subject', without('sub'), 'sub: is required'],
  ['no end', without('exp'), 'exp: is required'],
  ['no e-mail address', without('email'), 'email: is required'],
  ['no name', without('name'), 'name: is required'],
  ['no name of an admin', { ...without('name'), role: 'admin' }, 'name: is required'],
  ['an e-mail address that is null', { ...claims, email: null }, 'email: '],
  ['an e-mail address that is empty', { ...claims, email: '' }, 'email: '],
  ['a name that is null', { ...claims, name: null }, 'name: '],
])('a token with %s is refused, and the host hears which claim it is', async (_what, said, detail) => {
  const token = forge({ alg: 'HS256' }, said, hmac('sha256', SECRET))
  await expect(identity().identify(bearer(token))).rejects.toMatchObject({
    code: 'unauthenticated',
    message: expect.stringContaining(detail),
  })
})

test('someone whose name the host does not know has an empty one in the token, and none on the desk', async () => {
  const token = await signHostToken(SECRET, { ...ANN, name: '' }, inAnHour)
  expect(await identity().identify(bearer(token))).toMatchObject({ email: 'ann@example.com', name: null })
})

test('[P7] a token is refused from the second it ends', async () => {
  const token = await signHostToken(SECRET, ANN, clock.now() + 1000)
  await identity().identify(bearer(token))
  const later = { now: () => clock.now() + 1000 }
  const { engine } = { engine: { clock: later, log: pino({ level: 'silent' }), newId: () => '' } }
  await refused(identity({ engine }).identify(bearer(token)))
})

test('a token may come as a subprotocol of a socket, or in the query of a socket or event stream only', async () => {
  const token = await signHostToken(SECRET, { ...ANN, sub: '7' }, inAnHour)
  const upgrade = {
    upgrade: 'websocket',
    'sec-websocket-protocol': `actioncable-v1-json, deskbell-token.${token}`,
  }
  const callers = [
    await identity().identify(request(upgrade, '/cable')),
    await identity().identify(request({ upgrade: 'websocket' }, `/cable?token=${token}`)),
    await identity().identify(request({}, `/api/support_chat/events?token=${token}`)),
    await identity().identify(request({}, `/api/support_chat?token=${token}`)),
    await identity().identify(request({ 'sec-websocket-protocol': upgrade['sec-websocket-protocol'] })),
  ]
  expect(callers.map((caller) => caller?.id ?? null)).toEqual(['7', '7', '7', null, null])
})

test('a visitor’s token is known again, and only where visitors are allowed', async () => {
  const open = identity()
  const token = (await open.visitors?.mint()) ?? ''
  expect(await open.identify(bearer(token))).toMatchObject({
    role: 'visitor',
    id: 'visitor:0197',
    email: null,
  })
  const closed = identity({ visitors: false })
  expect(closed.visitors).toBeNull()
  await refused(closed.identify(bearer(token)))
})

test('the host’s callback decides who someone is', async () => {
  const identify: Identify = (asked) =>
    asked.headers.get('cookie') === 'session=ann' ? { id: '42', email: 'ann@example.com', name: 'Ann' } : null
  const mounted = identity({ identify, secret: null })
  expect(await mounted.identify(request({ cookie: 'session=ann' }))).toMatchObject({ role: 'user', id: '42' })
  expect(await mounted.identify(request({ cookie: 'session=eve' }))).toBeNull()
  const staff = identity({ identify: () => ({ id: '1', admin: true }) })
  expect(await staff.identify(request({}))).toMatchObject({ role: 'admin', email: null, name: null })
})

test('[P7] the host’s callback never sees the cookies of a page that may not use them', async () => {
  const seen: (string | null)[] = []
  const identify: Identify = (asked) => {
    seen.push(asked.headers.get('cookie'))
    return null
  }
  const mounted = identity({ identify })
  await mounted.identify(request({ cookie: 'a=1', origin: 'https://evil.example' }))
  await mounted.identify(request({ cookie: 'a=1' }, '/api/support_chat/messages', 'POST'))
  await mounted.identify(request({ cookie: 'a=1', origin: 'https://app.example' }))
  expect(seen).toEqual([null, null, 'a=1'])
})

test('a callback that fails, or returns something else than a person, is logged once and tried again later', async () => {
  const failing: Identify[] = [
    () => {
      throw new Error('the session store is down')
    },
    async () => await Promise.reject(new Error('the session store is down')),
    () => ({ id: 42 }) as never,
    () => ({ id: 'visitor:1' }),
    () => 'ann' as never,
  ]
  for (const identify of failing) {
    logged.length = 0
    const attempt = identity({ identify }).identify(request({}))
    await expect(attempt).rejects.toMatchObject({ code: 'unavailable', retryAfter: 5 })
    await expect(attempt).rejects.toBeInstanceOf(DeskbellError)
    expect(logged).toHaveLength(1)
  }
})
