import pino from 'pino'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { memoryBus } from '../delivery/bus/memory.ts'
import { unsubscribeKeys } from '../notifications/unsubscribe.ts'
import { type Ask, httpDesk, SECRET } from '../testing/http-desk.ts'
import { createHttp } from './app.ts'
import { createMetrics } from './metrics.ts'

interface Schema {
  $ref?: string
  [key: string]: unknown
}

interface Operation {
  operationId: string
  parameters?: { name: string; in: string; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

interface Document {
  openapi: string
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

/** A schema of the document as a check: what the document says, not what the code does. */
function check(document: Document, schema: Schema): z.ZodType {
  const $defs = document.components.schemas
  const local = JSON.parse(
    JSON.stringify({ ...schema, $defs }).replaceAll('#/components/schemas/', '#/$defs/'),
  )
  return z.fromJSONSchema(local)
}

test('every address of the app is in the document, but those of people’s browsers and of operators', async () => {
  await using at = await httpDesk({ dashboard: true, mailUrl: 'mailbox:' })
  const document = (await (await at.ask('/openapi.json')).json()) as Document
  const { addresses } = createHttp({
    // Nothing is asked of these parts before a request comes.
    core: { log: pino({ level: 'silent' }), identity: {}, store: {} } as never,
    settings: { trustProxy: 0, appName: 'Test' },
    basePath: '/api',
    admins: new Promise(() => {}),
    metrics: createMetrics(),
    bus: memoryBus()(),
    unsubscribeKeys: unsubscribeKeys(''),
  })
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  )
  const answered = addresses.map(({ method, path }) => `${method.toLowerCase()} ${path}`)
  const api = answered
    .filter((address) => address.includes(' /api/'))
    .map((address) => address.replace(' /api', ' '))
  expect(api.map((address) => address.replace('  ', ' ')).sort()).toEqual(documented.sort())
  expect(answered.filter((address) => !address.includes(' /api/')).sort()).toEqual(
    ['/admin', '/admin/*', '/healthz', '/metrics', '/readyz', '/widget.js', '/widget/:name'].map(
      (path) => `get ${path}`,
    ),
  )
})

test('requests and answers are what the document says', async () => {
  await using at = await httpDesk({ dashboard: true, visitors: 'allow', mailUrl: 'mailbox:' })
  const document = (await (await at.ask('/openapi.json')).json()) as Document
  expect(document).toMatchObject({ openapi: '3.1.1', servers: [{ url: '/api' }] })
  const id = await at.chat('alice', 'hello')
  const alice = await at.token('alice')
  const sam = await at.token('sam', { role: 'admin' })
  const { user_id } = (await (await at.ask(`/admin/chats/${id}`, { token: sam })).json()) as {
    user_id: string
  }
  const key = `key=${unsubscribeKeys(SECRET).keyOf(user_id)}`
  const visitor = (await (await at.ask('/visitors', { method: 'POST' })).json()) as { token: string }
  await at.ask('/support_chat', { token: visitor.token })
  const admins = await at.desk.admins
  await admins?.create({ email: 'sam@example.com', name: 'Sam', password: 'correct horse' })

  const signedIn = await at.ask('/auth/sign-in/email', {
    method: 'POST',
    body: { email: 'sam@example.com', password: 'correct horse' },
  })
  const cookie = signedIn.headers.getSetCookie().map((one) => one.split(';')[0])
  const own = { headers: { cookie: cookie.join('; '), origin: 'http://desk.test' } }

  const examples: [path: string, ask: Ask, query?: string][] = [
    ['/openapi.json', {}],
    ['/visitors', { method: 'POST' }],
    ['/support_chat', { token: alice }],
    ['/support_chat/summary', { token: alice }],
    ['/support_chat/messages', { token: alice }, 'after=0&limit=10'],
    ['/support_chat/messages', { token: alice, method: 'POST', body: { content: 'hi', client_id: '1' } }],
    ['/support_chat/messages', { token: alice, method: 'POST', body: { content: 'hi', client_id: '1' } }],
    ['/support_chat/mark_read', { token: alice, method: 'PATCH', body: { through: 1 } }],
    [
      '/support_chat/contact',
      { token: visitor.token, method: 'PATCH', body: { email: 'eve@example.com', name: 'Eve' } },
    ],
    ['/support_chat/notifications', { token: alice, method: 'PATCH', body: { email: true } }],
    ['/unsubscribe', {}, key],
    ['/unsubscribe', { method: 'POST' }, key],
    ['/support_chat/claim', { token: alice, method: 'POST', body: { visitor_token: visitor.token } }],
    ['/support_chat/events', { token: alice, method: 'HEAD' }],
    ['/admin/me', { token: sam }],
    ['/admin/chats', { token: sam }, 'archived=false&limit=10'],
    ['/admin/chats/summary', { token: sam }],
    ['/admin/search', { token: sam }, 'q=hello&limit=10'],
    ['/admin/search', { token: sam }, 'q=ali'],
    ['/admin/chats/{id}', { token: sam }],
    ['/admin/chats/{id}/messages', { token: sam }, 'before=9'],
    ['/admin/chats/{id}/messages', { token: sam, method: 'POST', body: { content: 'hello!' } }],
    ['/admin/chats/{id}/viewed', { token: sam, method: 'POST', body: {} }],
    ['/admin/chats/{id}/archive', { token: sam, method: 'POST' }],
    ['/admin/chats/{id}/unarchive', { token: sam, method: 'POST' }],
    ['/admin/events', { token: sam, method: 'HEAD' }],
    ['/admin/chats/{id}/events', { token: sam, method: 'HEAD' }],
    [
      '/auth/sign-in/email',
      { method: 'POST', body: { email: 'sam@example.com', password: 'correct horse' } },
    ],
    ['/auth/get-session', {}],
    ['/admin/account', { ...own, method: 'PATCH', body: { name: 'Samuel' } }],
    [
      '/admin/account/password',
      { ...own, method: 'POST', body: { current_password: 'correct horse', new_password: 'battery staple' } },
    ],
    ['/admin/account/sessions', { ...own, method: 'DELETE' }],
    ['/admin/users/{id}/export', { token: sam }],
    ['/admin/users/{id}/allow_mail', { token: sam, method: 'POST' }],
    ['/admin/users/{id}', { token: sam, method: 'DELETE', body: { confirm: 'ALICE@example.com ' } }],
    ['/auth/sign-out', { method: 'POST', headers: { origin: 'http://desk.test' } }],
    ['/support_chat', {}],
  ]
  const seen = new Set<string>()
  for (const [path, ask, query] of examples) {
    const method = (ask.method ?? 'GET').toLowerCase().replace('head', 'get')
    const operation = document.paths[path]?.[method]
    if (operation === undefined) throw new Error(`${method} ${path} is not in the document`)
    seen.add(operation.operationId)
    if (ask.body !== undefined) {
      const schema = operation.requestBody?.content['application/json']?.schema ?? {}
      expect(check(document, schema).safeParse(ask.body).success).toBe(true)
    }
    for (const name of new URLSearchParams(query).keys()) {
      expect(operation.parameters?.map((parameter) => parameter.name)).toContain(name)
    }
    const address = path.replace('{id}', path.includes('/users/') ? user_id : id)
    const response = await at.ask(address + (query === undefined ? '' : `?${query}`), ask)
    const answer = operation.responses[response.status] ?? operation.responses.default
    if (response.status >= 300) expect(response.status).toBe(401)
    const type = response.headers.get('content-type')?.split(';')[0] ?? ''
    if (response.status !== 204) expect(Object.keys(answer?.content ?? {})).toContain(type)
    const schema = answer?.content?.[type]?.schema
    if (type.endsWith('json') && schema !== undefined) {
      const result = check(document, schema).safeParse(await response.json())
      expect([path, result.error?.issues]).toEqual([path, undefined])
    }
  }
  const all = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  expect([...seen].sort()).toEqual(all.map(({ operationId }) => operationId).sort())
})

test('the document of a mounted desk names where it is mounted', async () => {
  await using at = await httpDesk({ basePath: '/help/desk/' })
  const document = (await (await at.ask('//help/desk/openapi.json')).json()) as Document
  expect(document.servers).toEqual([{ url: '/help/desk' }])
})
