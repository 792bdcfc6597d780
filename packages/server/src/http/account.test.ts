import { expect, test } from 'vitest'
import { main } from '../cli/main.ts'
import { type HttpDesk, httpDesk } from '../testing/http-desk.ts'

const SAM = { email: 'sam@example.com', password: 'correct horse battery' }
const own = { origin: 'http://desk.test' }

async function dashboardDesk(options: Parameters<typeof httpDesk>[0] = {}): Promise<HttpDesk> {
  const at = await httpDesk({ dashboard: true, ...options })
  const admins = await at.desk.admins
  await admins?.create({ ...SAM, name: 'Sam' })
  return at
}

function signIn(at: HttpDesk, body: unknown = SAM): Promise<Response> {
  return at.ask('/auth/sign-in/email', { method: 'POST', body, headers: own })
}

/** A session, and a stream that is open in it. */
async function session(at: HttpDesk) {
  const cookies = (await signIn(at)).headers.getSetCookie().map((one) => one.split(';')[0])
  const headers = { ...own, cookie: cookies.join('; ') }
  const reader = (await at.ask('/admin/events', { headers })).body?.getReader()
  return {
    call: (method: string, path: string, body?: unknown) => at.ask(path, { method, body, headers }),
    me: async () => await at.ask('/admin/me', { headers }),
    /** Resolves when the stream ends. */
    async ended() {
      while (!(await reader?.read())?.done);
    },
    isOpen: async () => (await at.ask('/admin/me', { headers })).status === 200,
  }
}

test('an admin changes their name, and answers under the new one', async () => {
  await using at = await dashboardDesk()
  const chatId = await at.chat('alice', 'hello')
  const sam = await session(at)
  const renamed = await sam.call('PATCH', '/admin/account', { name: ' Samira ' })
  const profile = { id: expect.any(String), name: 'Samira', email: SAM.email, has_account: true }
  expect(await renamed.json()).toEqual(profile)
  expect(await (await sam.me()).json()).toEqual(profile)
  const reply = await sam.call('POST', `/admin/chats/${chatId}/messages`, { content: 'hi' })
  expect(await reply.json()).toMatchObject({ sender_name: 'Samira' })
  for (const name of ['', '  ', 'x'.repeat(201), 'a\0b']) {
    expect((await sam.call('PATCH', '/admin/account', { name })).status).toBe(422)
  }
})

test('a new password needs the current one, and ends every other session but not this one', async () => {
  await using at = await dashboardDesk()
  const [here, there] = [await session(at), await session(at)]
  const change = (current_password: string, new_password: string) =>
    here.call('POST', '/admin/account/password', { current_password, new_password })
  expect(await (await change('wrong', 'battery staple')).json()).toMatchObject({ code: 'invalid' })
  expect((await change(SAM.password, 'short')).status).toBe(422)
  expect(await there.isOpen()).toBe(true)

  expect((await change(SAM.password, 'battery staple')).status).toBe(204)
  await there.ended()
  expect([await here.isOpen(), await there.isOpen()]).toEqual([true, false])
  expect((await signIn(at)).status).toBe(401)
  expect((await signIn(at, { ...SAM, password: 'battery staple' })).status).toBe(200)
})

test('a session that was left open is no way to guess the password', async () => {
  await using at = await dashboardDesk()
  const sam = await session(at)
  const body = { current_password: 'guess', new_password: 'battery staple' }
  const statuses = []
  for (let i = 0; i < 11; i++) statuses.push((await sam.call('POST', '/admin/account/password', body)).status)
  expect(statuses).toEqual([...Array(10).fill(422), 429])
})

test('[P7] signing out everywhere ends all sessions and what hangs on them', async () => {
  await using at = await dashboardDesk()
  const [here, there] = [await session(at), await session(at)]
  const out = await here.call('DELETE', '/admin/account/sessions')
  expect(out.status).toBe(204)
  expect(out.headers.getSetCookie().join()).toMatch(/Max-Age=0/i)
  await Promise.all([here.ended(), there.ended()])
  expect([await here.isOpen(), await there.isOpen()]).toEqual([false, false])
})

test('[P7] whom the command line deactivates is out of a running desk within 2 s, and reads what a stranger reads', async () => {
  await using at = await dashboardDesk()
  const said: string[] = []
  const deskbell = async (args: string[], answer = '') => {
    const say = (text: string) => void said.push(text)
    const env = { DATABASE_URL: at.url }
    await main(args, { env, out: say, err: say, rewrite: null, askSecret: async () => answer })
    process.exitCode = undefined
    return said.splice(0).join('\n')
  }
  const sam = await session(at)
  expect(await deskbell(['admin', 'list'])).toBe('Sam <sam@example.com>')
  const startedAt = performance.now()
  await deskbell(['admin', 'deactivate', 'SAM@example.com'])
  await sam.ended()
  expect(performance.now() - startedAt, 'milliseconds until the stream ended').toBeLessThan(2_000)
  expect(await sam.isOpen()).toBe(false)
  const wrong = await signIn(at, { email: 'nobody@example.com', password: 'x' })
  expect(await (await signIn(at)).text()).toBe(await wrong.text())
  expect(await deskbell(['admin', 'list'])).toBe('Sam <sam@example.com> (deactivated)')

  expect(await deskbell(['admin', 'activate', SAM.email], 'short')).toContain('A password has')
  expect(await deskbell(['admin', 'activate', SAM.email], 'battery staple')).toContain('can now sign in')
  expect((await signIn(at, { ...SAM, password: 'battery staple' })).status).toBe(200)
  expect(await deskbell(['admin', 'activate', SAM.email], 'battery staple')).toContain('already')
  for (const command of ['activate', 'deactivate']) {
    expect(await deskbell(['admin', command, 'eve@example.com'], 'battery staple')).toContain(
      'There is no admin',
    )
    expect(await deskbell(['admin', command, 'eve'], 'battery staple')).toContain('e-mail address')
  }
})
