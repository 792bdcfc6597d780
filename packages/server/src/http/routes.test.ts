import type {
  AdminSupportChat,
  AdminSupportMessage,
  SupportChat,
  SupportChatListItem,
  SupportChatSummary,
  SupportMessage,
} from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { memoryBus } from '../delivery/bus/memory.ts'
import { type HttpDesk, httpDesk } from '../testing/http-desk.ts'

async function told<T>(response: Promise<Response>): Promise<T> {
  const answer = await response
  expect(answer.status).toBeLessThan(300)
  return (await answer.json()) as T
}

const post = (body?: unknown) => ({ method: 'POST', body })

test('a user finds their chat with its newest messages and the number of unread replies', async () => {
  await using at = await httpDesk()
  const alice = await at.token('alice')
  const sam = await at.token('sam', { role: 'admin' })
  const id = await at.chat('alice', 'hello', 'anyone?')
  await at.ask(`/admin/chats/${id}/messages`, { ...post({ content: 'yes!' }), token: sam })

  const chat = await told<SupportChat>(at.ask('/support_chat', { token: alice }))
  expect(chat.messages.map(({ seq, content }) => [seq, content])).toEqual([
    [1, 'hello'],
    [2, 'anyone?'],
    [3, 'yes!'],
  ])
  expect(chat).toMatchObject({ id, has_more: false, unread_count: 1 })
  expect(chat.messages[2]).toMatchObject({ sender_type: 'admin', sender_name: 'sam', read_at: null })

  const read = await at.ask('/support_chat/mark_read', { method: 'PATCH', body: {}, token: alice })
  expect(read.status).toBe(204)
  const summary = await told(at.ask('/support_chat/summary', { token: alice }))
  expect(summary).toEqual({ exists: true, unread_count: 0 })
})

test('looking whether there is a chat makes none', async () => {
  await using at = await httpDesk()
  const token = await at.token('alice')
  expect(await told(at.ask('/support_chat/summary', { token }))).toEqual({ exists: false, unread_count: 0 })
  expect(await told(at.ask('/support_chat/messages', { token }))).toEqual([])
  expect((await at.ask('/support_chat/mark_read', { method: 'PATCH', token })).status).toBe(204)
  expect((await at.ask('/support_chat/events', { token })).status).toBe(404)
  const sam = await at.token('sam', { role: 'admin' })
  expect(await told(at.ask('/admin/chats', { token: sam }))).toEqual([])
})

test('[P5] a mark of another state of the desk is a conflict and marks nothing', async () => {
  await using at = await httpDesk()
  const alice = await at.token('alice')
  const sam = await at.token('sam', { role: 'admin' })
  const id = await at.chat('alice', 'hello')
  await at.ask(`/admin/chats/${id}/messages`, { ...post({ content: 'hi' }), token: sam })
  const summary = await at.ask('/support_chat/summary', { token: alice })
  const marks = [
    ['/support_chat/mark_read', 'PATCH', alice, 204],
    [`/admin/chats/${id}/viewed`, 'POST', sam, 200],
  ] as const
  const isUnread = async () => {
    const { unread_count } = await told<SupportChatSummary>(at.ask('/support_chat/summary', { token: alice }))
    const [row] = await told<SupportChatListItem[]>(at.ask('/admin/chats', { token: sam }))
    return [unread_count > 0, row?.unread]
  }
  for (const [path, method, token, done] of marks) {
    const mark = (epoch: string | null) => at.ask(path, { method, body: { through: 2, epoch }, token })
    const before = await isUnread()
    expect(before).toContain(true)
    expect(await (await mark('another')).json()).toMatchObject({ status: 409, code: 'conflict' })
    expect(await isUnread()).toEqual(before)
    expect((await mark(summary.headers.get('deskbell-epoch'))).status).toBe(done)
  }
  expect(await isUnread()).toEqual([false, false])
})

test('[P3] the same client_id again returns the first message, with another content it is a conflict', async () => {
  await using at = await httpDesk()
  const token = await at.token('alice')
  const draft = { content: 'hello', client_id: '0197-a' }
  const first = await at.ask('/support_chat/messages', { ...post(draft), token })
  const again = await at.ask('/support_chat/messages', { ...post(draft), token })
  expect([first.status, again.status]).toEqual([201, 200])
  expect(await again.json()).toEqual(await first.json())
  const other = await at.ask('/support_chat/messages', { ...post({ ...draft, content: 'bye' }), token })
  expect(other.status).toBe(409)
})

test('links lead through all messages, forwards and backwards, each once', async () => {
  await using at = await httpDesk()
  const token = await at.token('alice')
  const all = Array.from({ length: 7 }, (_, index) => `message ${index + 1}`)
  await at.chat('alice', ...all)
  expect(await follow(at, '/support_chat/messages?after=0&limit=3', token)).toEqual(all)
  expect(await follow(at, '/support-chat/messages?since=2020-01-01T00:00:00%2B02:00&limit=2', token)).toEqual(
    all,
  )
  const backwards = await follow(at, '/support_chat/messages?limit=3', token)
  expect(backwards).toEqual([...all.slice(4), ...all.slice(1, 4), ...all.slice(0, 1)])
})

/** The contents of a page and of all pages that its links lead to. */
async function follow(at: HttpDesk, path: string, token: string): Promise<string[]> {
  const response = await at.ask(path, { token })
  const contents = ((await response.json()) as SupportMessage[]).map(({ content }) => content)
  const next = /^<(\/api\/\S+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
  return next === undefined
    ? contents
    : [...contents, ...(await follow(at, next.slice('/api'.length), token))]
}

test('since is strict to the microsecond', async () => {
  await using at = await httpDesk()
  const token = await at.token('alice')
  await at.chat('alice', 'one', 'two', 'three')
  const messages = await told<SupportMessage[]>(at.ask('/support_chat/messages', { token }))
  const page = at.ask(`/support_chat/messages?since=${messages[1]?.created_at}`, { token })
  expect((await told<SupportMessage[]>(page)).map(({ content }) => content)).toEqual(['three'])
})

test('support-chat is accepted wherever support_chat is', async () => {
  await using at = await httpDesk()
  const token = await at.token('alice')
  const chat = await told<SupportChat>(at.ask('/support-chat', { token }))
  const sent = await at.ask('/support-chat/messages', { ...post({ content: 'hi' }), token })
  expect(sent.status).toBe(201)
  expect(await told(at.ask('/support_chat', { token }))).toMatchObject({ id: chat.id })
  expect((await at.ask('/support-chatter', { token })).status).toBe(404)
})

test('the team reads, answers, archives and restores', async () => {
  await using at = await httpDesk()
  const sam = await at.token('sam', { role: 'admin' })
  const id = await at.chat('alice', 'hello')
  const row = async (archived: boolean) =>
    await told<SupportChatListItem[]>(at.ask(`/admin/chats?archived=${archived}`, { token: sam }))
  expect(await row(false)).toMatchObject([
    { id, unread: true, user_email: 'alice@example.com', message_count: 1 },
  ])

  const chat = await told<AdminSupportChat>(at.ask(`/admin/chats/${id}`, { token: sam }))
  expect(chat.messages).toHaveLength(1)
  expect(await row(false)).toMatchObject([{ id, unread: false }])

  for (const _ of ['once', 'again']) {
    await told(at.ask(`/admin/chats/${id}/archive`, { ...post(), token: sam }))
    expect([await row(false), await row(true)]).toMatchObject([[], [{ id, archived: true }]])
  }
  for (const _ of ['once', 'again']) {
    await told(at.ask(`/admin/chats/${id}/unarchive`, { ...post(), token: sam }))
    expect([await row(false), await row(true)]).toMatchObject([[{ id, archived: false }], []])
  }
})

test('[P5] opening a chat views what was shown, not what came meanwhile', async () => {
  await using at = await httpDesk()
  const sam = await at.token('sam', { role: 'admin' })
  const id = await at.chat('alice', 'one', 'two')
  const viewed = at.ask(`/admin/chats/${id}/viewed`, { ...post({ through: 1 }), token: sam })
  expect(await told(viewed)).toMatchObject({ unread: true })
  expect(await told(at.ask(`/admin/chats/${id}/viewed`, { ...post(), token: sam }))).toMatchObject({
    unread: false,
  })
})

test('the list of chats is paged by links, newest message first', async () => {
  await using at = await httpDesk()
  const sam = await at.token('sam', { role: 'admin' })
  for (const name of ['ann', 'ben', 'cem', 'dora', 'eli']) {
    at.clock.advance(1000)
    await at.chat(name, 'hello')
  }
  const names: (string | null)[] = []
  let path: string | undefined = '/admin/chats?limit=2'
  while (path !== undefined) {
    const response: Response = await at.ask(path, { token: sam })
    names.push(...((await response.json()) as SupportChatListItem[]).map(({ user_name }) => user_name))
    path = /^<\/api(\S+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
  }
  expect(names).toEqual(['eli', 'dora', 'cem', 'ben', 'ann'])
})

test('a visitor gets a token where visitors are allowed, and keeps the chat when they sign in', async () => {
  await using at = await httpDesk({ visitors: 'allow' })
  const { token } = await told<{ token: string }>(at.ask('/visitors', post()))
  const { id } = await told<SupportChat>(at.ask('/support_chat', { token }))
  await at.ask('/support_chat/messages', { ...post({ content: 'just looking' }), token })

  const alice = await at.token('alice')
  const claim = at.ask('/support_chat/claim', { ...post({ visitor_token: token }), token: alice })
  expect((await claim).status).toBe(204)
  const chat = await told<SupportChat>(at.ask('/support_chat', { token: alice }))
  expect(chat).toMatchObject({ id, messages: [{ content: 'just looking' }] })

  await using closed = await httpDesk()
  expect((await closed.ask('/visitors', post())).status).toBe(403)
})

test('too many messages are told when to try again', async () => {
  await using at = await httpDesk({ rateLimit: 2 })
  const token = await at.token('alice')
  const send = () => at.ask('/support_chat/messages', { ...post({ content: 'hi' }), token })
  expect([(await send()).status, (await send()).status]).toEqual([201, 201])
  const limited = await send()
  expect(limited.status).toBe(429)
  expect(Number(limited.headers.get('retry-after'))).toBe(10)
  expect(await limited.json()).toMatchObject({ code: 'rate_limited', retry_after: 10 })
})

test('HEAD answers like GET without a body, and opens no stream', async () => {
  await using at = await httpDesk()
  await at.chat('alice', 'hello')
  const token = await at.token('alice')
  const head = await at.ask('/support_chat', { method: 'HEAD', token })
  expect([head.status, await head.text()]).toEqual([200, ''])
  await at.ask('/support_chat/events', { method: 'HEAD', token })
  expect(await (await at.ask('//metrics')).text()).toContain('deskbell_connections{kind="events"} 0')
})

test('health, readiness and metrics are at the root of the server, and below the base path of a mounted desk', async () => {
  await using at = await httpDesk({ basePath: '/support' })
  for (const path of ['//healthz', '//readyz', '//metrics', '//support/healthz', '//support/metrics']) {
    expect([path, (await at.ask(path)).status]).toEqual([path, 200])
  }
  await at.desk.fetch(new Request('http://desk.test/support/openapi.json'))
  expect((await at.ask('//support/openapi.json')).status).toBe(200)
  expect((await at.ask('/openapi.json')).status).toBe(404)
})

test('a desk that cannot reach its bus is alive but not ready, and says so', async () => {
  const gone = () => Promise.reject(new Error('the bus is gone'))
  await using at = await httpDesk({ bus: { ...memoryBus()(), ping: gone } })
  expect((await at.ask('//healthz')).status).toBe(200)
  const ready = await at.ask('//readyz')
  expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '5'])
  const text = await ready.text()
  expect(text).toContain('The bus cannot be reached.')
  expect(text).not.toContain('the bus is gone')
  // A load balancer goes on sending people here.
  expect((await at.ask('//readyz?exclude=bus')).status).toBe(200)
})

test('metrics count messages and commits of this desk only', async () => {
  await using at = await httpDesk()
  await using other = await httpDesk()
  await at.chat('alice', 'one', 'two')
  const metrics = await (await at.ask('//metrics')).text()
  expect(metrics).toContain('deskbell_messages_total 2')
  expect(metrics).toContain('deskbell_commit_batch_messages_count 2')
  expect(metrics).toContain('deskbell_queue_length{queue="append"} 0')
  expect(await (await other.ask('//metrics')).text()).toContain('deskbell_messages_total 0')
})

test('[P8] an unexpected failure is logged once and tells nothing', async () => {
  const secretive = new Error('password of the database is 1234')
  await using at = await httpDesk({ identify: () => null })
  const token = await at.token('alice')
  at.clock.now = () => {
    throw secretive
  }
  const response = await at.ask('/support_chat', { token })
  expect(response.status).toBe(503)
  expect(await response.text()).not.toContain('1234')
  expect(at.log.filter((line) => JSON.parse(line).level >= 50)).toHaveLength(1)
})

test('[P7] admins are told by id which of them answered, users only by what name', async () => {
  await using at = await httpDesk()
  const [alice, sam, other] = [
    await at.token('alice'),
    await at.token('sam-1', { role: 'admin', name: 'Sam' }),
    await at.token('sam-2', { role: 'admin', name: 'Sam' }),
  ]
  const id = await at.chat('alice', 'hello')
  const reply = (token: string) =>
    told<AdminSupportMessage>(
      at.ask(`/admin/chats/${id}/messages`, { ...post({ content: 'hi', client_id: 'same' }), token }),
    )
  expect((await reply(sam)).sender_id).toBe('sam-1')
  expect((await reply(other)).sender_id).toBe('sam-2')
  expect((await reply(other)).sender_id, 'a repeated one').toBe('sam-2')

  const chat = await told<AdminSupportChat>(at.ask(`/admin/chats/${id}`, { token: sam }))
  const page = await told<AdminSupportMessage[]>(
    at.ask(`/admin/chats/${id}/messages?after=0`, { token: sam }),
  )
  for (const messages of [chat.messages, page]) {
    expect(messages.map(({ sender_id }) => sender_id)).toEqual([undefined, 'sam-1', 'sam-2'])
  }
  const user = await at.ask(`/admin/users/${chat.user_id}/export`, { token: sam })
  const shown = [await at.ask('/support_chat', { token: alice }), user]
  for (const query of ['', '?after=0', '?before=9', '?since=2020-01-01T00:00:00Z']) {
    shown.push(await at.ask(`/support_chat/messages${query}`, { token: alice }))
  }
  for (const answer of shown) {
    const text = await answer.text()
    expect(text).toContain('"sender_name":"Sam"')
    expect(text).not.toMatch(/sam-\d|sender_id/)
  }
})
