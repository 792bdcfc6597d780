import { createHmac } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { signHostToken } from '../identity/host-token.ts'
import { type HttpDesk, httpDesk, SECRET } from '../testing/http-desk.ts'

/**
 * Who may call: anyone; everyone for what is their own, or only some; admins, on no chat or on any one (or its user);
 * admins who signed in here, which none of these has done.
 */
type Rule = 'anyone' | 'own' | 'user' | 'visitor' | 'admin' | 'account' | 'admin chat'

/** The whole API. A route of the app that has no row here fails. */
const RULES: Record<string, Rule> = {
  'get /openapi.json': 'anyone',
  'post /visitors': 'anyone',
  'post /auth/sign-in/email': 'anyone',
  'post /auth/sign-out': 'anyone',
  'get /auth/get-session': 'anyone',
  'get /support_chat': 'own',
  'get /support_chat/summary': 'own',
  'get /support_chat/messages': 'own',
  'post /support_chat/messages': 'own',
  'patch /support_chat/mark_read': 'own',
  'patch /support_chat/notifications': 'own',
  'get /unsubscribe': 'anyone',
  'post /unsubscribe': 'anyone',
  'patch /support_chat/contact': 'visitor',
  'post /support_chat/claim': 'user',
  'get /support_chat/events': 'own',
  'get /admin/me': 'admin',
  'get /admin/chats': 'admin',
  'get /admin/chats/summary': 'admin',
  'get /admin/search': 'admin',
  'patch /admin/account': 'account',
  'post /admin/account/password': 'account',
  'delete /admin/account/sessions': 'account',
  'get /admin/events': 'admin',
  'get /admin/chats/{id}': 'admin chat',
  'get /admin/chats/{id}/messages': 'admin chat',
  'post /admin/chats/{id}/messages': 'admin chat',
  'post /admin/chats/{id}/archive': 'admin chat',
  'post /admin/chats/{id}/unarchive': 'admin chat',
  'post /admin/chats/{id}/viewed': 'admin chat',
  'get /admin/chats/{id}/events': 'admin chat',
  'get /admin/users/{id}/export': 'admin chat',
  'post /admin/users/{id}/allow_mail': 'admin chat',
  'delete /admin/users/{id}': 'admin chat',
}

const CALLERS = [
  'nobody',
  'visitor',
  'user',
  'other user',
  'admin',
  'expired',
  'forged',
  'wrong algorithm',
] as const
type CallerKind = (typeof CALLERS)[number]

const MISSING = '01970000-0000-7000-8000-000000000000'
const ALICE_AS_ADMIN = { sub: 'alice', email: 'alice@example.com', name: 'Alice', role: 'admin' } as const
const ALICES_WORDS = 'the words of alice'

let at: HttpDesk
let chatId: string
let tokens: Record<CallerKind, string | null>

beforeAll(async () => {
  at = await httpDesk({ dashboard: true, visitors: 'allow', mailUrl: 'mailbox:' })
  chatId = await at.chat('alice', ALICES_WORDS)
  const visitor = (await (await at.ask('/visitors', { method: 'POST' })).json()) as { token: string }
  await at.ask('/support_chat', { token: visitor.token })
  tokens = {
    nobody: null,
    visitor: visitor.token,
    user: await at.token('alice'),
    'other user': await at.token('bob'),
    admin: await at.token('sam', { role: 'admin' }),
    expired: await at.token('alice', { role: 'admin' }, -1000),
    forged: await signHostToken(`${SECRET}!`, ALICE_AS_ADMIN, at.clock.now() + 3_600_000),
    'wrong algorithm': hs512({ ...ALICE_AS_ADMIN, exp: at.clock.now() / 1000 + 3600 }),
  }
  await at.ask('/support_chat', { token: tokens['other user'] })
  await at.ask('/support_chat', { token: tokens.admin })
  return async () => await at[Symbol.asyncDispose]()
})

function hs512(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${part({ alg: 'HS512' })}.${part(claims)}`
  return `${body}.${createHmac('sha512', SECRET).update(body).digest('base64url')}`
}

test('[P7] every route of the app has a rule, and every rule a route', async () => {
  const document = (await (await at.ask('/openapi.json')).json()) as { paths: Record<string, object> }
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  expect(routes.sort()).toEqual(Object.keys(RULES).sort())
})

for (const [route, rule] of Object.entries(RULES)) {
  for (const caller of CALLERS) {
    for (const chat of rule === 'admin chat' ? (['foreign', 'missing'] as const) : (['own'] as const)) {
      test(`[P7] ${route} by ${caller} on a chat that is ${chat}: ${expected(rule, caller, chat)}`, async () => {
        const answer = await call(route, caller, chat)
        expect(answer.status).toSatisfy(fits(expected(rule, caller, chat)))
        if (caller !== 'admin' && caller !== 'user') expect(answer.text).not.toContain(ALICES_WORDS)
        if (caller !== 'admin' && caller !== 'user') expect(answer.text).not.toContain(chatId)
      })
    }
  }
}

test('[P7] a chat that is not there reads exactly like one that is not theirs', async () => {
  for (const route of Object.keys(RULES).filter((name) => RULES[name] === 'admin chat')) {
    for (const caller of ['nobody', 'visitor', 'other user', 'expired'] as const) {
      expect(await call(route, caller, 'missing')).toEqual(await call(route, caller, 'foreign'))
    }
  }
})

test('[P7] a claim hands over the chat of the visitor whose token it has, and nobody else’s', async () => {
  const stolen = await at.ask('/support_chat/claim', {
    method: 'POST',
    body: { visitor_token: tokens.user },
    token: tokens['other user'],
  })
  expect(stolen.status).toBe(422)
  const summary = await at.ask('/support_chat/messages', { token: tokens.user })
  expect(await summary.text()).toContain(ALICES_WORDS)
})

type Expectation =
  | 'works'
  | 'is unauthenticated'
  | 'is forbidden'
  | 'is not found'
  | 'is about something else'

function expected(rule: Rule, caller: CallerKind, chat: 'own' | 'foreign' | 'missing'): Expectation {
  if (rule === 'anyone') return 'is about something else'
  if (caller === 'nobody' || ['expired', 'forged', 'wrong algorithm'].includes(caller))
    return 'is unauthenticated'
  if (rule === 'own') return 'works'
  if (rule === 'user') return caller === 'visitor' ? 'is forbidden' : 'works'
  if (rule === 'visitor') return caller === 'visitor' ? 'works' : 'is forbidden'
  if (caller !== 'admin' || rule === 'account') return 'is forbidden'
  return chat === 'missing' ? 'is not found' : 'works'
}

function fits(expectation: Expectation): (status: number) => boolean {
  const status = { 'is unauthenticated': 401, 'is forbidden': 403, 'is not found': 404 }
  switch (expectation) {
    case 'works':
      return (found) => found >= 200 && found < 300
    case 'is about something else':
      // These routes do not ask who calls: whether they sign in or not is for their own tests.
      return (found) => found < 500
    default:
      return (found) => found === status[expectation]
  }
}

const BODIES: Record<string, (caller: CallerKind) => unknown> = {
  'post /support_chat/messages': (caller) => ({ content: `written by ${caller}` }),
  'post /admin/chats/{id}/messages': (caller) => ({ content: `answered by ${caller}` }),
  'patch /support_chat/mark_read': () => ({}),
  'patch /support_chat/notifications': () => ({ email: true }),
  'patch /support_chat/contact': () => ({ email: 'eve@example.com' }),
  'post /admin/chats/{id}/viewed': () => ({}),
  'patch /admin/account': () => ({ name: 'Sam' }),
  'post /admin/account/password': () => ({ current_password: 'x', new_password: 'correct horse' }),
  'delete /admin/users/{id}': () => ({ confirm: 'leaver' }),
  'post /auth/sign-in/email': () => ({ email: 'nobody@example.com', password: 'x' }),
}

const QUERIES: Record<string, string> = { 'get /admin/search': '?q=words' }

async function call(route: string, caller: CallerKind, chat: 'own' | 'foreign' | 'missing') {
  const [method = '', path = ''] = route.split(' ')
  const address =
    path.replace('{id}', chat === 'missing' ? MISSING : await targetOf(path)) + (QUERIES[route] ?? '')
  const body = route.endsWith('/claim') ? await claimBody() : BODIES[route]?.(caller)
  const response = await at.ask(address, { method: method.toUpperCase(), body, token: tokens[caller] })
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    const reader = response.body?.getReader()
    const first = await reader?.read()
    await reader?.cancel()
    return { status: response.status, text: Buffer.from(first?.value ?? []).toString() }
  }
  return { status: response.status, text: await response.text() }
}

/** The token of a visitor who has just come. */
async function claimBody(): Promise<unknown> {
  const { token } = (await (await at.ask('/visitors', { method: 'POST' })).json()) as { token: string }
  return { visitor_token: token }
}

/** The chat of alice, or its user; for what erases, someone who has just come. */
async function targetOf(path: string): Promise<string> {
  if (!path.includes('/users/')) return chatId
  const id = path.endsWith('{id}') ? await at.chat('leaver', ALICES_WORDS) : chatId
  const chat = await at.ask(`/admin/chats/${id}`, { token: tokens.admin })
  return ((await chat.json()) as { user_id: string }).user_id
}
