import { expect, test } from 'vitest'
import { type HttpDesk, httpDesk } from '../testing/http-desk.ts'

const SAM = { email: 'sam@example.com', password: 'correct horse battery' }
const own = { origin: 'http://desk.test' }

async function dashboardDesk(options: Parameters<typeof httpDesk>[0] = {}): Promise<HttpDesk> {
  const at = await httpDesk({ dashboard: true, ...options })
  const admins = await at.desk.admins
  await admins?.create({ ...SAM, name: 'Sam' })
  return at
}

function signIn(at: HttpDesk, body: unknown = SAM, headers: Record<string, string> = own): Promise<Response> {
  return at.ask('/auth/sign-in/email', { method: 'POST', body, headers })
}

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

test('an admin signs in, is known by the cookie, and signs out', async () => {
  await using at = await dashboardDesk()
  const signedIn = await signIn(at)
  expect(signedIn.status).toBe(200)
  const body = await signedIn.json()
  expect(body).toMatchObject({ user: { email: SAM.email, name: 'Sam' } })
  expect(JSON.stringify(body)).not.toContain('token')

  const cookie = cookieOf(signedIn)
  const me = await at.ask('/admin/me', { headers: { cookie } })
  expect(await me.json()).toEqual({
    id: expect.any(String),
    name: 'Sam',
    email: SAM.email,
    has_account: true,
  })
  const session = await at.ask('/auth/get-session', { headers: { cookie } })
  expect(await session.json()).toMatchObject({ user: { name: 'Sam' }, session: {} })

  const out = await at.ask('/auth/sign-out', { method: 'POST', headers: { cookie, ...own } })
  expect(out.status).toBe(204)
  expect((await at.ask('/admin/me', { headers: { cookie } })).status).toBe(401)
  expect(await (await at.ask('/auth/get-session', { headers: { cookie } })).json()).toBeNull()
})

test('the session cookie cannot be read by scripts, and is secure where the desk is', async () => {
  await using plain = await dashboardDesk()
  const [cookie = ''] = (await signIn(plain)).headers.getSetCookie()
  expect(cookie).toMatch(/; HttpOnly/)
  expect(cookie).toMatch(/; SameSite=Lax/i)
  expect(cookie).not.toMatch(/; Secure/)

  await using secure = await dashboardDesk({ publicUrl: 'https://desk.example' })
  const [safe = ''] = (await signIn(secure, SAM, { origin: 'https://desk.example' })).headers.getSetCookie()
  expect(safe).toMatch(/^__Secure-.*; Secure/)
  expect(safe).toMatch(/; HttpOnly/)
})

test('[P7] an unknown address and a wrong password get the same answer after about the same time', async () => {
  await using at = await dashboardDesk()
  const timed = async (body: unknown) => {
    const startedAt = performance.now()
    const response = await signIn(at, body)
    return { status: response.status, body: await response.text(), ms: performance.now() - startedAt }
  }
  await timed(SAM)
  const wrong = await timed({ ...SAM, password: 'wrong' })
  const unknown = await timed({ email: 'nobody@example.com', password: 'wrong' })
  expect(unknown.status).toBe(401)
  expect({ ...unknown, ms: 0 }).toEqual({ ...wrong, ms: 0 })
  // Both hash a password; an answer that skipped it would be many times as fast.
  expect(unknown.ms).toBeGreaterThan(wrong.ms / 5)
  expect((await timed({ email: 'not an address', password: 'wrong' })).body).toBe(wrong.body)
})

test('guesses at one account are slowed down, and time brings them back', async () => {
  await using at = await dashboardDesk()
  const guess = async () => (await signIn(at, { ...SAM, password: 'guess' })).status
  const first = []
  for (let i = 0; i < 10; i++) first.push(await guess())
  expect(first).toEqual(Array(10).fill(401))

  const limited = await signIn(at, { ...SAM, email: 'SAM@example.com' })
  expect(limited.status).toBe(429)
  expect(limited.headers.get('retry-after')).toBe('30')
  at.clock.advance(30_000)
  expect((await signIn(at)).status).toBe(200)
})

test('guesses from one address are slowed down, whichever accounts they try', async () => {
  await using at = await dashboardDesk()
  const statuses = new Set<number>()
  for (let i = 0; i < 31; i++) {
    statuses.add((await signIn(at, { email: `${i}@example.com`, password: 'guess' })).status)
  }
  expect(statuses).toEqual(new Set([401, 429]))
})

test('guesses from all over an IPv6 network are slowed down like those of one address', async () => {
  await using at = await dashboardDesk({ trustProxy: 1 })
  const guess = async (number: number, from: string) => {
    const body = { email: `${number}@example.com`, password: 'guess' }
    return (await signIn(at, body, { ...own, 'x-forwarded-for': from })).status
  }
  for (let i = 0; i < 30; i++) expect(await guess(i, `2001:DB8:1:2::${i}`)).toBe(401)
  expect(await guess(30, '2001:db8:1:2:3:4:5:6')).toBe(429)
  expect(await guess(31, '2001:db8:1:3::1')).toBe(401)
})

test('[P7] another site cannot sign anyone in or out, nor use the cookie', async () => {
  await using at = await dashboardDesk()
  const cookie = cookieOf(await signIn(at))
  const evil = { origin: 'https://evil.example' }
  expect((await signIn(at, SAM, evil)).status).toBe(403)
  const asks = [
    at.ask('/auth/sign-out', { method: 'POST', headers: { cookie, ...evil } }),
    at.ask('/auth/sign-out', { method: 'POST', headers: { cookie } }),
    at.ask('/admin/me', { headers: { cookie, ...evil } }),
    at.ask('/admin/me', { headers: { cookie, 'sec-fetch-site': 'cross-site' } }),
    at.ask('/admin/chats/x/archive', { method: 'POST', headers: { cookie } }),
  ]
  expect((await Promise.all(asks)).map(({ status }) => status)).toEqual([403, 403, 401, 401, 401])
  expect((await at.ask('/admin/me', { headers: { cookie } })).status).toBe(200)
})

test('a deactivated admin is out at once and cannot come back until they get a new password', async () => {
  await using at = await dashboardDesk()
  const admins = await at.desk.admins
  const cookie = cookieOf(await signIn(at))
  await admins?.deactivate(SAM.email)
  expect((await at.ask('/admin/me', { headers: { cookie } })).status).toBe(401)
  expect((await signIn(at)).status).toBe(401)
  await expect(admins?.create({ ...SAM, name: 'Sam', password: 'another password' })).resolves.toMatchObject({
    name: 'Sam',
  })
  expect((await signIn(at, { ...SAM, password: 'another password' })).status).toBe(200)
})

test('[P7] signing out and deactivation end what hangs on the session, and only that', async () => {
  await using at = await dashboardDesk()
  const admins = await at.desk.admins
  const open = async () => {
    const cookie = cookieOf(await signIn(at))
    const { body } = await at.ask('/admin/events', { headers: { cookie } })
    const reader = body?.getReader()
    const end = async () => {
      while (!(await reader?.read())?.done);
    }
    return { cookie, end }
  }
  const connections = async () => /\{kind="events"\} (\d)/.exec(await (await at.ask('//metrics')).text())?.[1]
  const [here, there] = [await open(), await open()]
  await at.ask('/auth/sign-out', { method: 'POST', headers: { cookie: here.cookie, ...own } })
  await here.end()
  expect(await connections()).toBe('1')
  await admins?.deactivate(SAM.email)
  await there.end()
  expect(await connections()).toBe('0')
})

test('there is one account for each address', async () => {
  await using at = await dashboardDesk()
  const admins = await at.desk.admins
  await expect(admins?.create({ ...SAM, name: 'Other' })).rejects.toMatchObject({ code: 'conflict' })
})

test('nobody can make an account for themselves, nor reach anything else of the auth library', async () => {
  await using at = await dashboardDesk()
  const paths = [
    '/auth/sign-up/email',
    '/auth/update-user',
    '/auth/change-password',
    '/auth/ok',
    '/auth/error',
  ]
  for (const path of paths) {
    for (const method of ['GET', 'POST']) {
      const body = { ...SAM, email: 'eve@example.com', name: 'Eve' }
      const ask = method === 'GET' ? {} : { method, body, headers: own }
      expect((await at.ask(path, ask)).status).toBe(404)
    }
  }
})

test('a desk without a dashboard has no sign-in and does not load the auth library', async () => {
  await using at = await httpDesk()
  expect(at.desk.admins).toBeNull()
  expect((await signIn(at)).status).toBe(404)
  expect((await at.ask('//admin')).status).toBe(404)
})

test('a dashboard needs a secret', async () => {
  await expect(httpDesk({ dashboard: true, secret: undefined })).rejects.toThrow('DESKBELL_SECRET')
})
