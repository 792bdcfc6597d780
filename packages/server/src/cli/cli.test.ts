import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createHostTokens } from '../identity/host-token.ts'
import { httpDesk } from '../testing/http-desk.ts'
import { main } from './main.ts'
import type { Terminal } from './terminal.ts'

const SECRET = 'a secret that only the tests know, 32+'
const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const BIN = fileURLToPath(new URL('../../bin/deskbell.js', import.meta.url))

function folder(): { path: string; env: Record<string, string> } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'deskbell-'))
  const env = { DATABASE_URL: `sqlite:${join(path, 'desk.db')}`, DESKBELL_SECRET: SECRET }
  return { path, env, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Runs a command line in this process. */
async function deskbell(args: string[], env: Record<string, string> = {}, answer = '') {
  const said = { out: '', err: '' }
  const terminal: Terminal = {
    env,
    out(text) {
      said.out += `${text}\n`
    },
    err(text) {
      said.err += `${text}\n`
    },
    rewrite: null,
    askSecret: async () => answer,
  }
  process.exitCode = undefined
  await main(args, terminal)
  const code = process.exitCode ?? 0
  process.exitCode = undefined
  return { ...said, code }
}

/** Starts a command line in a process of its own; `url` waits until the demo says where it is. */
function started(args: string[], env: Record<string, string>, cwd: string) {
  const run = `import(process.argv[1]).then((cli) => cli.main(process.argv.slice(2)))`
  const child = spawn(process.execPath, ['--conditions=source', '-e', run, MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    said.err += chunk
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    said,
    child,
    exited,
    url: async () => {
      const found = () => /Shop page +(http:\/\/localhost:\d+)\//.exec(said.out)?.[1] ?? said.err
      await expect.poll(found, { timeout: 15_000 }).toMatch(/^http/)
      return found()
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null) child.kill('SIGKILL')
      await exited
    },
  }
}

test('the first file is ES5, so that every old Node can read it and be told what is needed', () => {
  const text = readFileSync(BIN, 'utf8').replace(/^(#!|\s*\/\/).*$/gm, '')
  expect(text).not.toMatch(/^\s*(import|export|const|let|class)\b|=>|`|\basync\b|\.\.\.|,\s*\)/m)
  expect(text.replace(/'[^']*'/g, '')).not.toMatch(/\bimport\s*\(/)
  const pretend = `Object.defineProperty(process, 'version', { value: 'v8.17.0' }); ${text}`
  const { stderr, status } = trial(pretend)
  expect([stderr, status]).toEqual(['Deskbell needs Node.js 24.15 or newer; this is v8.17.0.\n', 1])
})

function trial(script: string): { stderr: string; status: number } {
  try {
    execFileSync(process.execPath, ['-e', script], { stdio: 'pipe' })
    return { stderr: '', status: 0 }
  } catch (error) {
    const { stderr, status } = error as { stderr: Buffer; status: number }
    return { stderr: String(stderr), status }
  }
}

test('help, version and what is unknown', async () => {
  expect((await deskbell([])).out).toContain('Usage: deskbell <command>')
  expect((await deskbell(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  for (const command of [['start'], ['migrate'], ['token'], ['admin', 'create'], ['erase']]) {
    expect((await deskbell([...command, '--help'])).out).toContain(`Usage: deskbell ${command.join(' ')}`)
  }
  expect(await deskbell(['strat'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('no command "strat"'),
  })
  expect(await deskbell(['admin'])).toMatchObject({ code: 1, err: expect.stringContaining('admin create') })
  for (const command of [['start'], ['migrate'], ['token'], ['admin', 'create'], ['erase']]) {
    const { code, err } = await deskbell([...command, '--dmeo'])
    expect([code, err]).toEqual([1, expect.stringContaining("'--dmeo'")])
  }
})

test('settings that cannot be used are all named', async () => {
  const { code, err } = await deskbell(['start'], { PORT: 'http', RATE_LIMIT: 'x', DESKBELL_SECRET: 'short' })
  expect(code).toBe(1)
  for (const name of ['PORT must be', 'RATE_LIMIT must be', 'DESKBELL_SECRET must be'])
    expect(err).toContain(name)
})

test('a secret is required, except for the demo', async () => {
  using at = folder()
  const { code, err } = await deskbell(['start'], { DATABASE_URL: at.env.DATABASE_URL ?? '' })
  expect([code, err]).toEqual([1, expect.stringContaining('DESKBELL_SECRET must be set')])
  expect(existsSync(join(at.path, 'desk.db'))).toBe(false)
})

test('a token is made as a host would make it', async () => {
  using at = folder()
  const args = [
    '--sub',
    '42',
    '--email',
    'ann@example.com',
    '--name',
    'Ann',
    '--role=admin',
    '--expires',
    '10m',
  ]
  const { out } = await deskbell(['token', ...args], at.env)
  const caller = await createHostTokens(SECRET, Date).verify(out.trim())
  expect(caller).toMatchObject({ id: '42', email: 'ann@example.com', name: 'Ann', role: 'admin' })
  expect((caller.expiresAt ?? 0) - Date.now()).toBeGreaterThan(590_000)
  const unnamed = await deskbell(['token', '--sub', '42', '--email', 'ann.lee@example.com'], at.env)
  expect(await createHostTokens(SECRET, Date).verify(unnamed.out.trim())).toMatchObject({ name: 'ann.lee' })
})

test('a token that the desk would refuse is not made', async () => {
  using at = folder()
  const ann = ['--sub', '42', '--email', 'ann@example.com']
  for (const [wrong, named] of [
    [['--email', 'ann@example.com'], '--sub'],
    [['--sub', '42'], '--email'],
    [['--sub', '', '--email', 'ann@example.com'], '--sub'],
    [['--sub', '42', '--email', 'ann'], '--email'],
    [[...ann, '--name', 'x'.repeat(1000)], '--name'],
    [[...ann, '--role', 'boss'], '--role'],
    [[...ann, '--expires', 'soon'], '--expires'],
  ] as const) {
    const { code, err } = await deskbell(['token', ...wrong], at.env)
    expect([code, err]).toEqual([1, expect.stringContaining(named)])
  }
})

test('the schema is migrated once', async () => {
  using at = folder()
  expect((await deskbell(['migrate'], at.env)).out).toContain('Applied 0001_chats')
  expect((await deskbell(['migrate'], at.env)).out).toContain('up to date')
})

test('an admin is created with a password that is asked for', async () => {
  using at = folder()
  const args = ['admin', 'create', '--email', 'sam@example.com', '--name', 'Sam']
  expect((await deskbell(args, at.env, 'short')).err).toContain('8 to 128 characters')
  expect((await deskbell(args, at.env, 'correct horse')).out).toContain('Sam <sam@example.com>')
  expect((await deskbell(args, at.env, 'correct horse')).err).toContain('already is an admin')
  expect((await deskbell(['admin', 'create', '--email', 'sam'], at.env)).err).toContain('--email')
})

test('a user is erased once it is said twice', async () => {
  using at = folder()
  {
    await using desk = await httpDesk({ databaseUrl: at.env.DATABASE_URL })
    await desk.chat('42', 'hello', 'anyone?')
  }
  const erase = (...args: string[]) => deskbell(['erase', ...args], at.env)
  expect(await erase('--yes')).toMatchObject({ code: 1, err: expect.stringContaining('--id') })
  expect(await erase('--id', '24', '--yes')).toMatchObject({ code: 1, err: expect.stringContaining('"24"') })
  const whom = '"42" (42@example.com) with a chat of 2 messages'
  for (let time = 1; time <= 2; time++) {
    const { code, err, out } = await erase('--id', '42')
    expect([code, out, err]).toEqual([1, '', `This would erase ${whom}, for ever. Add --yes to do it.\n`])
  }
  expect(await erase('--id', '42', '--yes')).toEqual({ code: 0, err: '', out: `Erased ${whom}.\n` })
  for (const yes of [[], ['--yes']]) {
    expect((await erase('--id', '42', ...yes)).err).toContain('nothing to erase: nobody here has the id "42"')
  }
})

test('the demo says where everything is, lets its admin in, and stops when it is told to', {
  timeout: 40_000,
}, async () => {
  using at = folder()
  const env = { DATABASE_URL: at.env.DATABASE_URL ?? '', LOG_LEVEL: 'debug' }
  await using demo = started(['--demo', '--port', '0'], env, at.path)
  const url = await demo.url()
  expect(statSync(join(at.path, 'secret')).mode & 0o777).toBe(0o600)

  const page = await fetch(`${url}/?as=alice`)
  const html = await page.text()
  expect(html).toContain('Welcome back, Alice')
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=/)
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  const token = /data-token="([^"]+)"/.exec(html)?.[1] ?? ''
  const chat = await fetch(`${url}/api/support_chat`, { headers: { authorization: `Bearer ${token}` } })
  expect(chat.status).toBe(200)
  const visitor = await (await fetch(`${url}/?as=visitor`)).text()
  expect(visitor).toContain('data-visitor')
  expect((await fetch(`${url}/api/visitors`, { method: 'POST' })).status).toBe(201)

  const link = /Dashboard +(\S+)/.exec(demo.said.out)?.[1] ?? ''
  const signedIn = await fetch(link, { redirect: 'manual' })
  expect([signedIn.status, signedIn.headers.get('location')]).toEqual([302, '/admin/chats'])
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const me = await fetch(`${url}/api/admin/me`, { headers: { cookie } })
  expect(await me.json()).toMatchObject({ name: 'Sam' })
  expect((await fetch(`${url}/demo/sign-in?key=guess`, { redirect: 'manual' })).status).toBe(403)
  expect(demo.said.err).not.toContain(new URL(link).searchParams.get('key'))
  expect(demo.said.err).not.toContain(token)

  demo.child.kill('SIGTERM')
  expect(await demo.exited).toBe(0)
})

test('the first admin comes from the environment and can sign in', async () => {
  using at = folder()
  const env = { ...at.env, DESKBELL_ADMIN_EMAIL: 'sam@example.com', DESKBELL_ADMIN_PASSWORD: 'correct horse' }
  await using desk = started(['start', '--demo', '--port', '0'], env, at.path)
  const url = await desk.url()
  const body = JSON.stringify({ email: 'sam@example.com', password: 'correct horse' })
  expect((await fetch(`${url}/api/auth/sign-in/email`, { method: 'POST', body })).status).toBe(200)
})

test('settings that this version would ignore are refused', async () => {
  using at = folder()
  for (const [name, value] of [
    ['BUS_URL', 'redis://localhost'],
    ['MAIL_URL', 'smtp://localhost'],
  ] as const) {
    const { code, err } = await deskbell(['start'], { ...at.env, [name]: value })
    expect([code, err]).toEqual([1, expect.stringContaining(name)])
  }
})

test('a port in use is said plainly', async () => {
  using at = folder()
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, resolve))
  const { port } = taken.address() as { port: number }
  await using start = started(['start', '--port', String(port)], at.env, at.path)
  expect(await start.exited).toBe(1)
  expect(start.said.err).toContain(
    `Port ${port} is in use. Choose another one, for example PORT=${port + 1}.`,
  )
  await new Promise((resolve) => taken.close(resolve))
})

test('seed fills an empty database, and one that is in use only when told so', async () => {
  using at = folder()
  const seed = (...args: string[]) => deskbell(['seed', '--users', '5', '--messages', '40', ...args], at.env)
  const first = await seed()
  expect(first.code).toBe(0)
  expect(first.out).toContain('Seeded 5 users and 40 messages.')
  const refusals = [
    await seed('--seed', '2'),
    await seed('--add'),
    await seed('--users', 'many'),
    await seed('--messages', '-1'),
  ]
  expect(refusals.map(({ code, err }) => [code, err.split('.')[0]])).toEqual([
    [1, 'There are users in this database'],
    [1, 'The users of seed 1 are there already'],
    [1, '--users must be a whole number from 1 to 10000000'],
    [1, expect.stringContaining('--messages')],
  ])
  expect((await seed('--add', '--seed', '2')).code).toBe(0)
})
