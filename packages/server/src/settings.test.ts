import { expect, test } from 'vitest'
import { durationMs, SettingsError, settingsFromEnv, settingsFromOptions } from './settings.ts'

test('an empty environment gives the documented defaults', () => {
  expect(settingsFromEnv({ PORT: '' })).toMatchObject({
    port: 4000,
    databaseUrl: 'sqlite:./deskbell-data/deskbell.db',
    notifyAfterMs: 300_000,
    rateLimit: 20,
    connectionLimit: 200,
    trustProxy: 0,
    visitors: 'deny',
    logLevel: 'info',
    allowedOrigins: [],
    appName: 'Deskbell',
  })
})

test('every bad setting is named at once, with what it must be', () => {
  const bad: [string, string][] = [
    ['PORT', 'http'],
    ['DATABASE_URL', 'oracle://db'],
    ['BUS_URL', 'kafka://bus'],
    ['DESKBELL_SECRET', 'too short'],
    ['DESKBELL_ADMIN_EMAIL', 'sam'],
    ['DESKBELL_ADMIN_PASSWORD', 'short'],
    ['PUBLIC_URL', 'desk.example'],
    ['ALLOWED_ORIGINS', 'https://a.example, b.example'],
    ['MAIL_URL', 'mail'],
    ['MAIL_FROM', 'nobody'],
    ['APP_URL', 'ftp://app.example'],
    ['ACCENT', 'blue'],
    ['APP_NAME', 'x'.repeat(101)],
    ['NOTIFY_AFTER', '5 minutes'],
    ['RATE_LIMIT', '-1'],
    ['CONNECTION_LIMIT', 'many'],
    ['TRUST_PROXY', '99'],
    ['VISITORS', 'yes'],
    ['LOG_LEVEL', 'loud'],
  ]
  const error = caught(() => settingsFromEnv(Object.fromEntries(bad)))
  expect(error.problems.map((problem) => problem.split(' ')[0])).toEqual(
    expect.arrayContaining(bad.map(([name]) => name)),
  )
  expect(error.problems).toHaveLength(bad.length)
  expect(error.message).toContain('PORT must be a whole number from 0 to 65535')
})

test('a refused secret is never repeated in the message', () => {
  const error = caught(() => settingsFromEnv({ DESKBELL_SECRET: 'hunter2hunter2' }))
  expect(error.message).not.toContain('hunter2')
})

test('an address of a database that nobody can read is named, and one without a host is none of these', () => {
  for (const scheme of ['postgres', 'mysql']) {
    const error = caught(() => settingsFromEnv({ DATABASE_URL: `${scheme}://sam:hunter#2@host/desk` }))
    expect(error.message).toContain(
      'DATABASE_URL must be sqlite:<file>, postgres://… or mysql://…, a password in it percent-encoded',
    )
    expect(error.message).not.toContain('hunter')
  }
  const onSocket = 'postgres://sam:secret@/desk?host=/var/run/postgresql'
  expect(settingsFromEnv({ DATABASE_URL: onSocket }).databaseUrl).toBe(onSocket)
})

test('[P8] an address is refused whose words about TLS its driver would leave out', () => {
  const understood = [
    'postgres://host/desk?sslmode=verify-full&sslrootcert=/etc/ca.pem&application_name=desk',
    'postgres://host/desk?sslmode=disable',
    'mysql://host/desk?ssl={"verifyIdentity":true}&compress=true',
  ]
  for (const url of understood) expect(settingsFromEnv({ DATABASE_URL: url }).databaseUrl).toBe(url)
  const left = [
    'postgres://host/desk?sslmode=verify_full',
    'postgres://host/desk?ssl-mode=require',
    'mysql://host/desk?sslmode=require',
    'mysql://host/desk?ssl-mode=REQUIRED',
    'mysql://host/desk?tls=true',
    'mysql://host/desk?ssl=true',
  ]
  for (const url of left) {
    expect(caught(() => settingsFromEnv({ DATABASE_URL: url })).message).toContain('TLS as')
  }
  expect(caught(() => settingsFromEnv({ BUS_URL: left[0] })).message).toContain('BUS_URL')
})

test('origins are normalised and may be listed with spaces', () => {
  const settings = settingsFromEnv({ ALLOWED_ORIGINS: 'https://A.example/, http://localhost:3000' })
  expect(settings.allowedOrigins).toEqual(['https://a.example', 'http://localhost:3000'])
})

test('options of a program are checked by the same rules under their own names', () => {
  expect(settingsFromOptions({ notifyAfterMs: '2s', rateLimit: 0 })).toMatchObject({
    notifyAfterMs: 2000,
    rateLimit: 0,
  })
  expect(caught(() => settingsFromOptions({ secret: 'short' })).message).toBe(
    'secret must be at least 32 characters',
  )
})

test('durations have a unit', () => {
  expect([durationMs('250ms'), durationMs('2s'), durationMs('5m'), durationMs('1h')]).toEqual([
    250, 2000, 300_000, 3_600_000,
  ])
  expect(durationMs('5')).toBeUndefined()
  expect(durationMs('1.5h')).toBeUndefined()
})

function caught(run: () => unknown): SettingsError {
  try {
    run()
  } catch (error) {
    if (error instanceof SettingsError) return error
  }
  throw new Error('it was accepted')
}
