import * as z from 'zod'
import { BUS_URL_FORMS, namesBus } from './delivery/bus/open.ts'
import { MAIL_URL_FORMS, mailRoute } from './notifications/mail-url.ts'
import { isTlsUnderstood } from './store/tls-parameters.ts'

const DURATION_UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds of a duration such as `2s`, `5m` or `1h`, or undefined when it is none. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? []
  if (amount === undefined || unit === undefined) return undefined
  return Number(amount) * DURATION_UNITS[unit as keyof typeof DURATION_UNITS]
}

const duration = z.union([
  z.int().min(0),
  z.string().transform((text, context) => {
    const ms = durationMs(text)
    if (ms !== undefined) return ms
    context.addIssue('not a duration')
    return z.NEVER
  }),
])

function whole(least: number, most: number) {
  const text = z.string().regex(/^\d+$/).transform(Number)
  return z.union([z.int(), text]).pipe(z.int().min(least).max(most))
}

const origin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') {
    return url.origin
  }
  context.addIssue('not an origin')
  return z.NEVER
})

const listed = z.string().transform((text) => text.split(',').flatMap((part) => part.trim() || []))
const origins = z.union([z.array(z.string()), listed]).pipe(z.array(origin))

function isServerAddress(text: string): boolean {
  // PostgreSQL on a socket has no host.
  const address = text.replace('@/', '@socket/')
  return URL.canParse(address) && isTlsUnderstood(new URL(address))
}

/** One row for each setting: its name in the environment, what it must be, and how that is checked. */
const SETTINGS = {
  port: row('PORT', 'a whole number from 0 to 65535', whole(0, 65_535).default(4000)),
  host: row('HOST', 'a host name or address to listen on', z.string().min(1).optional()),
  databaseUrl: row(
    'DATABASE_URL',
    'sqlite:<file>, postgres://… or mysql://…, a password in it percent-encoded, ' +
      'TLS as ?sslmode=verify-full (PostgreSQL) or ?ssl={"verifyIdentity":true} (MySQL)',
    z
      .string()
      .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+|mysql:\/\/.+)$/)
      .refine((text) => text.startsWith('sqlite:') || isServerAddress(text))
      .default('sqlite:./deskbell-data/deskbell.db'),
  ),
  busUrl: row('BUS_URL', BUS_URL_FORMS, z.string().refine(namesBus).optional()),
  secret: row('DESKBELL_SECRET', 'at least 32 characters', z.string().min(32).optional()),
  adminEmail: row('DESKBELL_ADMIN_EMAIL', 'an e-mail address', z.email().max(254).optional()),
  adminPassword: row('DESKBELL_ADMIN_PASSWORD', '8 to 128 characters', z.string().min(8).max(128).optional()),
  publicUrl: row(
    'PUBLIC_URL',
    'the http:// or https:// address people open, without a path',
    origin.optional(),
  ),
  allowedOrigins: row(
    'ALLOWED_ORIGINS',
    'origins such as https://app.example, separated by commas',
    origins.default([]),
  ),
  mailUrl: row(
    'MAIL_URL',
    MAIL_URL_FORMS,
    z
      .string()
      .refine((text) => mailRoute(text) !== null)
      .optional(),
  ),
  mailFrom: row('MAIL_FROM', 'an e-mail address', z.email().max(254).optional()),
  appUrl: row(
    'APP_URL',
    'the http:// or https:// address of your page with the chat',
    z
      .string()
      .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol))
      .optional(),
  ),
  appName: row('APP_NAME', '1 to 100 characters', z.string().trim().min(1).max(100).default('Deskbell')),
  accent: row(
    'ACCENT',
    'a colour such as #3b55e6',
    z
      .string()
      .regex(/^#[0-9a-f]{6}$/i)
      .default('#3b55e6'),
  ),
  notifyAfterMs: row('NOTIFY_AFTER', 'a duration such as 2s, 5m or 1h', duration.default(300_000)),
  rateLimit: row(
    'RATE_LIMIT',
    'messages per user in 10 s, a whole number, 0 for no limit',
    whole(0, 1_000_000).default(20),
  ),
  connectionLimit: row(
    'CONNECTION_LIMIT',
    'sockets and event streams per address, a whole number, 0 for no limit',
    whole(0, 1_000_000).default(200),
  ),
  trustProxy: row(
    'TRUST_PROXY',
    'how many proxies stand before the desk, a whole number from 0 to 10',
    whole(0, 10).default(0),
  ),
  visitors: row('VISITORS', 'allow or deny', z.enum(['allow', 'deny']).default('deny')),
  logLevel: row(
    'LOG_LEVEL',
    'fatal, error, warn, info, debug, trace or silent',
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  ),
}

/** What the settings are called in the environment. */
export const SETTING_NAMES: readonly string[] = Object.values(SETTINGS).map(({ env }) => env)

type Rows = typeof SETTINGS

/** Every setting of a desk, checked and complete. Durations are in milliseconds. */
export type Settings = { [K in keyof Rows]: z.output<Rows[K]['schema']> }

/** The same settings as a caller of `createDesk` may give them; what is left out has its default. */
export type SettingsInput = { [K in keyof Rows]?: z.input<Rows[K]['schema']> | undefined }

/** Settings that cannot be used. The message has one line for each, with what it must be. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** Checks the options that a program passes; their names are camelCase. Throws SettingsError. */
export function settingsFromOptions(options: SettingsInput): Settings {
  return check((name) => ({ name, value: options[name] }))
}

/** Reads the settings from environment variables; an empty one counts as not set. Throws SettingsError. */
export function settingsFromEnv(env: Record<string, string | undefined>): Settings {
  return check((name) => {
    const variable = SETTINGS[name].env
    return { name: variable, value: env[variable]?.trim() || undefined }
  })
}

function check(read: (name: keyof Rows) => { name: string; value: unknown }): Settings {
  const problems: string[] = []
  const settings: Record<string, unknown> = {}
  for (const name of Object.keys(SETTINGS) as (keyof Rows)[]) {
    const given = read(name)
    const result = SETTINGS[name].schema.safeParse(given.value)
    if (result.success) settings[name] = result.data
    // The value is left out on purpose: it may be a secret with a typing error.
    else problems.push(`${given.name} must be ${SETTINGS[name].mustBe}`)
  }
  if (problems.length > 0) throw new SettingsError(problems)
  return settings as Settings
}

function row<S extends z.ZodType>(env: string, mustBe: string, schema: S) {
  return { env, mustBe, schema }
}
