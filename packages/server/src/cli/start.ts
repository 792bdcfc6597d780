import { createServer, type Server } from 'node:http'
import { resolve } from 'node:path'
import pino from 'pino'
import { createDesk, type Desk } from '../desk.ts'
import { toNodeHandler } from '../http/node.ts'
import { MAILBOX_URL } from '../notifications/mail-url.ts'
import { type Settings, settingsFromEnv } from '../settings.ts'
import { createDemo, demoPage } from './demo.ts'
import { makeFirstAdmin } from './first-admin.ts'
import { readFlags, UsageError } from './flags.ts'
import { version } from './main.ts'
import { dataFolder, keepSecret } from './secret.ts'
import type { Terminal } from './terminal.ts'

/** Node's own backlog of 511 turns a crowd that reconnects away, to come back seconds later. */
const BACKLOG = 4096
/** Whatever hangs, the process is gone before its supervisor would kill it. */
const LAST_MOMENT_MS = 9_000

/** `deskbell start` */
export async function start(args: readonly string[], terminal: Terminal): Promise<void> {
  const flags = readFlags(args, {
    demo: { type: 'boolean' },
    port: { type: 'string' },
    host: { type: 'string' },
  })
  const isDemo = flags.demo === true
  const settings = startSettings(terminal, flags.port, flags.host, isDemo)
  const { secret } = settings
  if (secret === undefined) {
    throw new UsageError(
      'DESKBELL_SECRET must be set: at least 32 characters, e.g. from "openssl rand -hex 32".',
    )
  }
  // Standard output is for people; what is logged goes the other way.
  const log = pino({ level: settings.logLevel }, pino.destination(2))
  const appUrl = isDemo ? (user: { id: string }) => demoPage(addressOf(server, settings), user) : undefined
  const desk = createDesk({ ...settings, dashboard: true, logger: log, mail: { appUrl } })
  const demo = isDemo ? createDemo(desk, secret) : null
  const server: Server = createServer(toNodeHandler(demo ?? desk))
  desk.attach(server, { exclusive: true })
  stopOnSignal(server, desk, terminal)
  try {
    await desk.ready
    await firstAdmin(desk, settings)
    await listen(server, settings)
    terminal.out(banner(settings, addressOf(server, settings), demo?.signInPath ?? null))
    // Not before: loading the auth library takes longer than all the rest.
    await desk.admins
    await demo?.prepare()
  } catch (error) {
    server.close()
    await desk.close()
    throw error
  }
}

/** What the demo's shop sets, unless the environment says something else. */
const DEMO_ENV = {
  VISITORS: 'allow',
  APP_NAME: 'Fern & Fold',
  ACCENT: '#2f7d4f',
  MAIL_URL: MAILBOX_URL,
  NOTIFY_AFTER: '1m',
}

/** What is set at all. */
function set(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

function startSettings(
  { env }: Terminal,
  port: string | undefined,
  host: string | undefined,
  isDemo: boolean,
): Settings {
  const own = { ...env, PORT: port ?? env.PORT, HOST: host ?? env.HOST }
  const settings = settingsFromEnv(isDemo ? { ...DEMO_ENV, ...set(own) } : own)
  if ((settings.adminEmail === undefined) !== (settings.adminPassword === undefined)) {
    throw new UsageError(
      'DESKBELL_ADMIN_EMAIL and DESKBELL_ADMIN_PASSWORD belong together: set both or none.',
    )
  }
  if (!isDemo || settings.secret !== undefined) return settings
  return { ...settings, secret: keepSecret(dataFolder(settings.databaseUrl)) }
}

async function listen(server: Server, { port, host }: Settings): Promise<void> {
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(new UsageError(whyNot(error, port))))
    server.listen({ port, host, backlog: BACKLOG }, listening)
  })
}

function whyNot(error: NodeJS.ErrnoException, port: number): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} is in use. Choose another one, for example PORT=${port + 1}.`
  if (error.code === 'EACCES')
    return `Port ${port} needs more rights. Choose one above 1023, for example PORT=4000.`
  return `Cannot listen: ${error.message}`
}

async function firstAdmin(desk: Desk, { adminEmail, adminPassword }: Settings): Promise<void> {
  if (adminEmail === undefined || adminPassword === undefined) return
  const admins = await desk.admins
  if (admins !== null) await makeFirstAdmin(admins, adminEmail, adminPassword)
}

/** The first signal drains, so that everything accepted is kept; a second one does not wait. */
function stopOnSignal(server: Server, desk: Desk, terminal: Terminal): void {
  let isStopping = false
  const stop = () => {
    if (isStopping) process.exit(1)
    isStopping = true
    setTimeout(() => process.exit(0), LAST_MOMENT_MS).unref()
    terminal.out('Stopping …')
    server.close()
    void desk.close().then(
      () => process.exit(0),
      (error: unknown) => {
        terminal.err(`Deskbell did not stop cleanly: ${String(error)}`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

function addressOf(server: Server, { publicUrl, host }: Settings): string {
  if (publicUrl !== undefined) return publicUrl
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : ''
  const isEverywhere = host === undefined || host === '0.0.0.0' || host === '::'
  const name = isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

function banner({ databaseUrl }: Settings, url: string, signInPath: string | null): string {
  const file = databaseUrl.startsWith('sqlite:')
    ? resolve(databaseUrl.slice('sqlite:'.length))
    : 'your database'
  const places =
    signInPath === null
      ? [['Dashboard', `${url}/admin`]]
      : [
          ['Shop page', `${url}/?as=alice`],
          ['', `${url}/?as=bob   ${url}/?as=visitor`],
          ['Dashboard', `${url}${signInPath}`],
          ['Mailbox', `${url}/demo/mailbox`],
        ]
  const rows = [
    ...places,
    ['Widget', `${url}/widget.js`],
    ['API', `${url}/api/openapi.json`],
    ['Messages', file],
  ]
  const lines = rows.map(([name = '', place = '']) => `  ${name.padEnd(11)}${place}`)
  return [`Deskbell ${version()} is ready.`, '', ...lines, '', 'Ctrl+C stops it.'].join('\n')
}
