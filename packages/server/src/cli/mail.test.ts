import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { read } from '../messages/read.ts'
import { suppress } from '../notifications/suppressions.ts'
import { mailRoom, PERIOD_MS } from '../testing/mail-room.ts'
import { MailServer } from '../testing/mail-server.ts'
import { main } from './main.ts'

async function deskbell(args: string[], env: Record<string, string>) {
  const said = { out: '', err: '' }
  await main(args, {
    env,
    out: (text) => {
      said.out += `${text}\n`
    },
    err: (text) => {
      said.err += `${text}\n`
    },
    rewrite: null,
    askSecret: async () => '',
  })
  process.exitCode = undefined
  return said
}

const send = (url: string) =>
  deskbell(['mail', 'test', 'you@example.com'], { MAIL_URL: url, MAIL_FROM: 'support@fern.example' })

test('"mail test" sends one e-mail', async () => {
  await using server = await MailServer.start()
  const { out } = await send(server.url)
  expect(out).toContain('127.0.0.1 took an e-mail to you@example.com')
  expect(server.taken).toMatchObject([{ to: ['you@example.com'], mail: { subject: /^Test e-mail from/ } }])
})

test('"mail test" says what an operator can do about each failure, and what the server said', async () => {
  await using server = await MailServer.start()
  server.mode = 'refuses auth'
  const auth = await send(server.url)
  expect(auth.err).toContain('does not accept the user name "user" with this password')
  expect(auth.err).toContain('535')
  expect(auth.err, 'the password is not repeated').not.toContain('user:password@')
  server.mode = 'refuses TLS'
  expect((await send(server.url)).err).toContain('No encrypted connection')
  server.mode = '550'
  expect((await send(server.url)).err).toContain('refuses the recipient')
  server.mode = '450'
  expect((await send(server.url)).err).toContain('try again later')
  server.mode = 'refuses sender'
  expect((await send(server.url)).err).toContain('does not let you send as support@fern.example')
  server.mode = 'drops before the final 250'
  expect((await send(server.url)).err).toContain('broke off')
  server.mode = 'normal'
  const plain = server.url.replace('?tls=required', '').replace('smtp:', 'smtps:')
  expect((await send(plain)).err).toContain('Port 465 wants smtps://')
  expect((await send('smtp://no-such-host.invalid')).err).toContain(
    'There is no server called "no-such-host.invalid"',
  )
  expect((await send(`smtp://127.0.0.1:${await closedPort()}`)).err).toContain('Nothing listens at')
})

test('"mail test" needs settings and an address', async () => {
  expect((await deskbell(['mail', 'test', 'you@example.com'], {})).err).toContain('MAIL_URL and MAIL_FROM')
  expect((await deskbell(['mail', 'test'], {})).err).toContain('Name one e-mail address')
  expect((await deskbell(['mail'], {})).err).toContain('Usage: deskbell mail test')
  expect((await deskbell(['mail', 'log', '--help'], {})).out).toContain('Usage: deskbell mail test')
})

test('"mail log" tells what became of each e-mail, and "mail allow" forgets a refusal', async () => {
  await using at = await mailRoom()
  const env = { DATABASE_URL: at.engine.url }
  const log = async () => (await deskbell(['mail', 'log'], env)).out
  expect(await log()).toContain('no replies to e-mail about')
  await at.reply('one')
  expect(await log()).toBe('2026-01-29 10:05Z  alice@example.com  message 2: waits until 2026-01-29 10:05Z\n')
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  await at.reply('two')
  await read(at.engine, at.chatId)
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  await at.reply('three')
  at.server.mode = '550'
  at.engine.clock.advance(PERIOD_MS)
  await at.round()
  expect((await log()).split('\n')).toEqual([
    '2026-01-29 10:05Z  alice@example.com  message 2: e-mailed',
    '2026-01-29 10:10Z  alice@example.com  message 3: not e-mailed: read at 2026-01-29 10:05Z',
    '2026-01-29 10:15Z  alice@example.com  message 4: could not be delivered (refused): 550 5.1.1 No such user here',
    '',
  ])
  expect((await deskbell(['mail', 'allow', 'Alice@Example.com'], env)).out).toContain('written to again')
  expect((await deskbell(['mail', 'allow', 'alice@example.com'], env)).err).toContain('has not refused')
  await suppress(at.engine.store.db, {
    address: 'bob@example.com',
    detail: '550',
    at: '2026-01-29T10:00:00.000000Z',
  })
  expect((await deskbell(['mail', 'log', '--limit', '0'], env)).err).toContain('--limit must be')
})

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
