import { expect, test } from 'vitest'
import { httpDesk, SECRET } from '../testing/http-desk.ts'

test('each request is one line at debug that says who and what, and nothing secret is ever logged', async () => {
  await using at = await httpDesk({ dashboard: true, visitors: 'allow' })
  const admins = await at.desk.admins
  const password = 'correct horse battery'
  await admins?.create({ email: 'sam@example.com', name: 'Sam', password })
  const alice = await at.token('alice')
  const words = 'the words of alice'
  const id = await at.chat('alice', words)
  const visitor = (await (await at.ask('/visitors', { method: 'POST' })).json()) as { token: string }
  const forged = `${alice.slice(0, -6)}AAAAAA`
  const credentials = { email: 'sam@example.com', password }
  const signedIn = await at.ask('/auth/sign-in/email', { method: 'POST', body: credentials })
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''

  at.log.length = 0
  const asks = [
    await at.ask('/support_chat', { token: alice }),
    await at.ask('/support_chat', { token: visitor.token }),
    await at.ask('/support_chat', { token: forged }),
    await at.ask(`/support_chat/events?token=${alice}`, { method: 'HEAD' }),
    await at.ask(`/support_chat?token=${alice}`),
    await at.ask('/support_chat/messages', { method: 'POST', body: { content: words }, token: alice }),
    await at.ask('/support_chat/claim', { method: 'POST', body: { visitor_token: forged }, token: alice }),
    await at.ask('/auth/sign-in/email', { method: 'POST', body: credentials }),
    await at.ask('/auth/sign-in/email', {
      method: 'POST',
      body: { ...credentials, password: 'wrong horse' },
    }),
    await at.ask('/auth/sign-in/email', {
      method: 'POST',
      body: { ...credentials, email: 'eve@example.com' },
    }),
    await at.ask(`/admin/chats/${id}`, { headers: { cookie } }),
    await at.ask('/auth/sign-out', { method: 'POST', headers: { cookie, origin: 'http://desk.test' } }),
  ]
  const lines = at.log.map((line) => JSON.parse(line))
  expect(lines).toHaveLength(asks.length)
  expect(lines[0]).toMatchObject({
    level: 20,
    method: 'GET',
    path: '/api/support_chat',
    status: 200,
    caller: 'alice',
    ms: expect.any(Number),
  })
  const all = at.log.join('')
  const secrets = [SECRET, alice, alice.split('.')[2], visitor.token, forged, password, 'wrong horse', words]
  for (const secret of [...secrets, cookie.split('=')[1]]) expect(all).not.toContain(secret)
})

test('a caller who hangs up while sending is no error in the log', async () => {
  await using at = await httpDesk({})
  const headers = { authorization: `Bearer ${await at.token('alice')}`, 'content-type': 'application/json' }
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error('aborted')) })
  const request: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' }
  at.log.length = 0
  const answer = await at.desk.fetch(new Request('http://desk.test/api/support_chat/messages', request))
  expect(answer.status).toBe(400)
  expect(at.log.map((line) => JSON.parse(line).level)).toEqual([20])
})
