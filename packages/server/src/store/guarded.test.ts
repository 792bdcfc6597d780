import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { main } from '../cli/main.ts'
import { databaseName } from '../testing/databases.ts'
import { type GuardedServer, guardedDatabase, PASSWORD } from '../testing/guarded-server.ts'
import { openStore } from './store.ts'

const NAME = databaseName() === 'mysql' ? 'mysql' : 'postgres'
const WRONG = 'hunter/3#'
const TRUSTED = getCACertificates('default')

let server: GuardedServer
beforeAll(async () => {
  server = await guardedDatabase(NAME)
})
afterEach(() => setDefaultCACertificates(TRUSTED))
afterAll(async () => await server[Symbol.asyncDispose]())

/** As NODE_EXTRA_CA_CERTS does for a process. */
const trust = () => setDefaultCACertificates([...TRUSTED, server.certificate])

/** How a connection to this address is encrypted. */
async function cipher(url: string): Promise<string> {
  const store = openStore(url)
  try {
    const query =
      NAME === 'mysql'
        ? sql<{ cipher: string }>`select variable_value as cipher from information_schema.session_status
            where variable_name = 'SSL_CIPHER'`
        : sql<{ cipher: string | null }>`select cipher from pg_stat_ssl where pid = pg_backend_pid()`
    return (await query.execute(store.db)).rows[0]?.cipher ?? ''
  } finally {
    await store.close()
  }
}

/** What the command line says, in which there must be no password. */
async function said(args: string[], env: Record<string, string>): Promise<string> {
  let said = ''
  const say = (text: string) => {
    said += `${text}\n`
  }
  await main(args, { env, out: say, err: say, rewrite: null, askSecret: async () => '' })
  process.exitCode = undefined
  for (const secret of [PASSWORD, WRONG].flatMap((one) => [one, encodeURIComponent(one)])) {
    expect(said).not.toContain(secret)
  }
  return said
}

const migrating = (url: string) => said(['migrate'], { DATABASE_URL: url })

test('a desk signs in with a password', async () => {
  expect(await migrating(server.plain(PASSWORD))).toContain('0001_chats')
  expect(await cipher(server.plain(PASSWORD))).toBe('')
})

test('a desk reaches a database over TLS, where its certificate is trusted', async () => {
  trust()
  expect(await cipher(server.tls(PASSWORD))).not.toBe('')
})

test('[P8] a wrong password is told, with the setting', async () => {
  trust()
  for (const [who, url] of [
    ['sam', server.plain(WRONG)],
    ['tess', server.tls(WRONG)],
  ] as const) {
    expect(await migrating(url)).toMatch(
      new RegExp(`^The database of DATABASE_URL cannot be used: .*(Access denied|password).*${who}`),
    )
  }
})

test('with a certificate that nobody vouches for, nothing is told to the server, and the reason to the operator', async () => {
  expect(await migrating(server.tls(PASSWORD))).toMatch(
    /^The database of DATABASE_URL cannot be used: .*self-signed certificate/,
  )
})

test('[P8] a server that is not there is told, with the setting', async () => {
  expect(await migrating(`${NAME}://sam:secret@localhost:1/desk`)).toMatch(
    /^The database of DATABASE_URL cannot be used: .*ECONNREFUSED/,
  )
  const copy = ['copy', '--from', 'sqlite::memory:', '--to', `${NAME}://sam:secret@localhost:1/desk`]
  expect(await said(copy, {})).toMatch(/^The database of --to cannot be used: .*ECONNREFUSED/)
})
