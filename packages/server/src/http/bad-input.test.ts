import type { Problem, SupportChat } from '@deskbell/protocol'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { type HttpDesk, httpDesk } from '../testing/http-desk.ts'

let at: HttpDesk
let alice: string
let sam: string
let chatId: string

beforeAll(async () => {
  at = await httpDesk({ dashboard: true, visitors: 'allow' })
  alice = await at.token('alice')
  sam = await at.token('sam', { role: 'admin' })
  chatId = await at.chat('alice', 'hello')
  return async () => await at[Symbol.asyncDispose]()
})

afterEach(async () => {
  expect(at.log.filter((line) => JSON.parse(line).level >= 40)).toEqual([])
  expect((await at.ask('/support_chat', { token: alice })).status).toBe(200)
})

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = (await response.json()) as Problem
  expect(problem.status).toBe(response.status)
  expect(JSON.stringify(problem)).not.toMatch(/sqlite|select |\bat \/|node_modules|ZodError/i)
  return problem
}

async function send(
  method: string,
  path: string,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream,
  headers: Record<string, string> = {},
) {
  const address = `http://desk.test/api${path.replace(':id', chatId)}`
  const token = path.startsWith('/admin') ? sam : alice
  const init = { method, body, duplex: 'half', headers: { authorization: `Bearer ${token}`, ...headers } }
  return await at.desk.fetch(new Request(address, init as RequestInit))
}

const BODIES: [method: string, path: string, valid: Record<string, unknown>][] = [
  ['POST', '/support_chat/messages', { content: 'hi' }],
  ['POST', '/admin/chats/:id/messages', { content: 'hi' }],
  ['PATCH', '/support_chat/mark_read', { through: 1 }],
  ['POST', '/admin/chats/:id/viewed', { through: 1 }],
  ['PATCH', '/support_chat/contact', { email: 'a@example.com' }],
  ['POST', '/support_chat/claim', { visitor_token: 'x' }],
  ['POST', '/auth/sign-in/email', { email: 'a@example.com', password: 'x' }],
]

test.each(BODIES)('[P8] %s %s refuses a body that is no JSON with 400', async (method, path) => {
  for (const body of ['{', 'hello', '{"content":}', new Uint8Array([0x22, 0xff, 0x22])]) {
    const response = await send(method, path, body)
    expect([response.status, (await problemOf(response)).code]).toEqual([400, 'invalid'])
  }
})

test.each(BODIES)('[P8] %s %s refuses JSON of another shape with 422', async (method, path, valid) => {
  const [field = ''] = Object.keys(valid)
  const wrong =
    typeof valid[field] === 'string' ? [1, 0, true, null, [], {}] : ['1', 1.5, -1, true, null, [1]]
  const bodies = [
    ...['null', '[]', '"text"', '7', 'true', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ...wrong.map((value) => JSON.stringify({ ...valid, [field]: value })),
    JSON.stringify({ ...valid, surprise: 1 }),
    // As text: an object literal would set the prototype instead.
    `{"__proto__":{},${JSON.stringify(valid).slice(1)}`,
  ]
  for (const body of bodies) {
    const response = await send(method, path, body)
    expect([body, response.status, (await problemOf(response)).code]).toEqual([body, 422, 'invalid'])
  }
})

test.each(BODIES)(
  '[P8] %s %s refuses more than 64 KiB with 413, announced or in chunks',
  async (method, path) => {
    const large = JSON.stringify({ content: 'x'.repeat(65 * 1024) })
    const announced = await send(method, path, large, { 'content-length': String(large.length) })
    expect([announced.status, (await problemOf(announced)).code]).toEqual([413, 'too_large'])

    let taken = 0
    const endless = new ReadableStream({
      pull(controller) {
        taken += 16 * 1024
        controller.enqueue(new Uint8Array(16 * 1024).fill(0x20))
      },
    })
    const chunked = await send(method, path, endless)
    expect(chunked.status).toBe(413)
    expect(taken).toBeLessThan(256 * 1024)
  },
)

const CONTENTS: [string, unknown, number, string][] = [
  ['blank', '  \n\t ', 422, 'invalid'],
  ['empty', '', 422, 'invalid'],
  ['with a NUL', 'a\0b', 422, 'invalid'],
  ['with half a character', 'a\ud83d', 422, 'invalid'],
  ['longer than 10,000 characters', 'x'.repeat(10_001), 413, 'too_large'],
]

test.each(CONTENTS)('[P8] a message %s is refused', async (_what, content, status, code) => {
  for (const path of ['/support_chat/messages', '/admin/chats/:id/messages']) {
    const response = await send('POST', path, JSON.stringify({ content }))
    expect([response.status, (await problemOf(response)).code]).toEqual([status, code])
  }
})

test('a message of 10,000 characters is taken, whatever they are', async () => {
  for (const content of ['x'.repeat(10_000), '😀'.repeat(10_000)]) {
    expect((await send('POST', '/support_chat/messages', JSON.stringify({ content }))).status).toBe(201)
  }
})

test('[P8] a client_id that cannot be kept is refused', async () => {
  for (const client_id of ['', 'a b', 'é', 'x'.repeat(65), 7]) {
    const response = await send(
      'POST',
      '/support_chat/messages',
      JSON.stringify({ content: 'hi', client_id }),
    )
    expect([client_id, response.status]).toEqual([client_id, 422])
  }
})

const NO_ADDRESSES = [
  ...['', 'eve', 'eve@', '@example.com', 'eve@example', 'eve@example.', 'eve@.com', 'eve @example.com'],
  ...[
    'eve@example.com, bob@example.com',
    'eve@example.com,bob',
    'Eve <eve@example.com>',
    '<eve@example.com>',
  ],
  ...['eve@example.com\r\nBcc: bob@example.com', 'eve\0@example.com', `${'x'.repeat(250)}@example.com`],
]

test('[P8] a visitor’s address that mail cannot be sent to is refused, and the one before stays', async () => {
  const visitor = (await (await at.ask('/visitors', { method: 'POST' })).json()) as { token: string }
  const { token } = visitor
  const needed = async () =>
    ((await (await at.ask('/support_chat', { token })).json()) as SupportChat).contact_needed
  const leave = (email: string, name?: string) =>
    at.ask('/support_chat/contact', { method: 'PATCH', body: { email, name }, token })
  expect((await leave('eve@example.com')).status).toBe(404)
  expect(await needed()).toBe(true)
  for (const email of NO_ADDRESSES) {
    const response = await leave(email)
    expect([email, response.status, (await problemOf(response)).code]).toEqual([email, 422, 'invalid'])
  }
  expect((await leave('eve@example.com', 'x'.repeat(201))).status).toBe(422)
  expect(await needed()).toBe(true)
  for (const email of ['eve.o’hara+shop@mail.example.co.uk', 'ève@exämple.com']) {
    expect((await leave(email, '')).status).toBe(204)
  }
  expect(await needed()).toBe(false)
})

const QUERIES: [path: string, queries: string[]][] = [
  [
    '/support_chat/messages',
    [
      ...[
        'after=x',
        'after=-1',
        'after=1.5',
        'after=1e3',
        'after=',
        'after=1&after=2',
        'before=0x1',
        'surprise=1',
      ],
      ...[
        'limit=0',
        'limit=201',
        'limit=all',
        'since=yesterday',
        'since=2026-01-01',
        'since=1',
        'after=1&before=2',
      ],
      ...['after=9999999999999999', '__proto__=1', 'token=x', 'after[]=1'],
    ],
  ],
  ['/admin/chats/:id/messages', ['after=x', 'limit=0', 'after=1&since=2026-01-01T00:00:00Z', 'surprise=1']],
  [
    '/admin/chats',
    ['archived=maybe', 'archived=1', 'archived=', 'limit=0', 'cursor=nonsense', 'cursor=', 'surprise=1'],
  ],
  ['/support_chat', ['surprise=1']],
  ['/support_chat/summary', ['surprise=1']],
  ['/support_chat/events', ['after=x', 'surprise=1']],
  ['/admin/chats/:id', ['surprise=1']],
  ['/admin/chats/:id/events', ['after=-1']],
  ['/admin/events', ['after=1']],
]

test.each(QUERIES)('[P8] GET %s refuses what it does not know in a query', async (path, queries) => {
  for (const query of queries) {
    const token = path.startsWith('/admin') ? sam : alice
    const response = await at.ask(`${path.replace(':id', chatId)}?${query}`, { token })
    expect([query, response.status, (await problemOf(response)).code]).toEqual([query, 422, 'invalid'])
  }
})

test('[P8] a chat id can be anything and is just not found', async () => {
  for (const id of ['x', '0', '%00', "'%20or%201=1", '%F0%9F%98%80', '..%2f..', 'x'.repeat(2000), '%ff']) {
    const response = await at.ask(`/admin/chats/${id}`, { token: sam })
    expect([id, response.status, (await problemOf(response)).code]).toEqual([id, 404, 'not_found'])
  }
})

test('[P8] an event id that is none is refused', async () => {
  const headers = { 'last-event-id': 'abc' }
  expect((await at.ask('/support_chat/events', { token: alice, headers })).status).toBe(422)
})

test('a path that is not there is a problem, and a method that is not there names those that are', async () => {
  expect((await problemOf(await at.ask('/nothing'))).code).toBe('not_found')
  expect((await problemOf(await at.ask('//elsewhere'))).code).toBe('not_found')
  expect((await problemOf(await at.ask('//support_chat'))).code).toBe('not_found')
  const response = await at.ask('/support_chat/messages', { method: 'DELETE', token: alice })
  expect(response.headers.get('allow')).toBe('GET, HEAD, POST')
  expect(await problemOf(response)).toMatchObject({ status: 405, code: 'invalid' })
})
