import type { Server } from 'node:http'
import pino, { type Logger } from 'pino'
import { Upgrades } from './cable/upgrade.ts'
import { erase } from './chats/erase.ts'
import type { Core } from './core.ts'
import type { Bus } from './delivery/bus/bus.ts'
import { memoryBus } from './delivery/bus/memory.ts'
import { openBus } from './delivery/bus/open.ts'
import { Pulse } from './delivery/bus/pulse.ts'
import { ConnectionLimit } from './delivery/connection-limit.ts'
import { Connections } from './delivery/connections.ts'
import { deskId } from './delivery/desk-id.ts'
import { Hub } from './delivery/hub.ts'
import { LookExchange } from './delivery/look-exchange.ts'
import { Looks } from './delivery/looks.ts'
import { NoticeKeeper } from './delivery/notice-keeper.ts'
import { Repair } from './delivery/repair.ts'
import type { Clock, Engine } from './engine.ts'
import { createHttp, type HttpContext } from './http/app.ts'
import { createMetrics } from './http/metrics.ts'
import { type Admins, openAdmins } from './identity/admins.ts'
import { createIdentity, type Identify } from './identity/identity.ts'
import { watchSessions } from './identity/session-watch.ts'
import { MessageLog } from './messages/append.ts'
import type { RenderMail } from './notifications/content.ts'
import { MAILBOX_URL } from './notifications/mail-url.ts'
import type { KeptMails } from './notifications/mailbox.ts'
import { openPostOffice } from './notifications/post-office.ts'
import { type Settings, SettingsError, type SettingsInput, settingsFromOptions } from './settings.ts'
import { idMaker } from './store/id.ts'
import { migrate } from './store/migrations.ts'
import { checkDatabase } from './store/start-up-check.ts'
import { type HostDatabase, openStore, type Store } from './store/store.ts'

/** Everything a desk can be told; what is left out has the default of the setting of that name. */
export interface DeskOptions extends SettingsInput {
  /** Asks the host app who a request comes from. Without it, users come with tokens signed with `secret`. */
  identify?: Identify | undefined
  /** Where the desk is mounted in the host's addresses; default `/api`. */
  basePath?: string | undefined
  /** Whether the desk signs admins in by itself and serves the dashboard at `/admin`; default false. */
  dashboard?: boolean | undefined
  /** Whether the schema is brought up to date at start; default true. */
  migrate?: boolean | undefined
  /** How mails about unread replies look, and where their button leads; default the built-in mail and `appUrl`. */
  mail?: MailOptions | undefined
  /** How the desk's tables begin; default `support_`. */
  tablePrefix?: string | undefined
  /** Where log lines go; default pino on standard output at `logLevel`. */
  logger?: Logger | undefined
  /** What carries events to other desks; default the one that `busUrl` names, or none. */
  bus?: Bus | undefined
  /**
   * A database that the host has opened and closes itself, default `databaseUrl`: a pool on PostgreSQL (`pg`) or MySQL
   * (`mysql2`), or a Kysely instance on either or on SQLite (see `prepareSqlite`).
   */
  database?: HostDatabase | undefined
  /** A store that is already open, for desks that share one; the desk does not close it. */
  store?: Store | undefined
  clock?: Clock | undefined
}

/** What a host may change of the mails about unread replies. */
export interface MailOptions {
  render?: RenderMail | undefined
  /** The address of the page with the chat, for this user. */
  appUrl?: ((user: { id: string; email: string }) => string) | undefined
}

export interface AttachOptions {
  /** Where the sockets are: `<path>/cable` and `<path>/ws/chat`. Default: at the root and below `basePath`. */
  path?: string
  /** Whether upgrades of other paths are refused; default is to leave them to the server's other handlers. */
  exclusive?: boolean
}

/** A running desk. Any number of them can live in one process. */
export interface Desk {
  /** Answers one HTTP request. */
  fetch(request: Request, context?: HttpContext): Promise<Response>
  /** Answers the desk's upgrade requests on a server; those of other paths are left alone. */
  attach(server: Server, options?: AttachOptions): void
  /** Resolves when the database is up to date; rejects with what is wrong with it. `fetch` waits for it. */
  readonly ready: Promise<void>
  /** Accounts of the standalone dashboard; null without one. */
  readonly admins: Promise<Admins> | null
  /** What was sent with the mail URL `mailbox:`; null with any other. */
  readonly mailbox: KeptMails | null
  /** Ends the sockets and streams of a person (by the host's id) or of a dashboard session, on every desk. */
  revoke(whose: { id: string } | { session: string }): void
  /**
   * Removes a user or visitor (by the host's id) with their chat and all its messages, for ever, and ends their sockets
   * and streams on every desk. Resolves to whether there was anyone. Let the host stop vouching for them first:
   * whoever still can sign in may begin a new chat.
   */
  erase(id: string): Promise<boolean>
  /** Sends everyone away over a few seconds, finishes what was accepted and closes the database. */
  close(): Promise<void>
}

/**
 * Makes a desk. Throws SettingsError for options that cannot be used.
 *
 * @example
 * const desk = createDesk({ databaseUrl: 'sqlite:./chat.db', identify: (request) => session(request)?.user ?? null })
 * app.use('/support', toNodeHandler(desk))
 * desk.attach(server, { path: '/support' })
 */
export function createDesk(options: DeskOptions = {}): Desk {
  const settings = settingsFromOptions(options)
  refuseWhatCannotWork(settings, options)
  const log = options.logger ?? pino({ level: settings.logLevel })
  const store =
    options.store ?? openStore(options.database ?? settings.databaseUrl, { prefix: options.tablePrefix })
  const shared = options.bus ?? (settings.busUrl === undefined ? null : openBus(settings.busUrl))
  const bus = shared ?? memoryBus()()
  const metrics = createMetrics()
  const clock = options.clock ?? store.clock
  const hub = new Hub(bus, { meter: metrics.meter, log, clock })
  const engine: Engine = {
    store,
    clock,
    newId: idMaker(),
    publish: (events) => hub.publish(events),
    meter: metrics.meter,
    log,
    hasOtherDesks: shared !== null,
    notifyAfterMs: settings.mailUrl === undefined ? null : settings.notifyAfterMs,
  }
  const keeper = new NoticeKeeper(engine)
  const connections = new Connections(hub, engine.newId, (notice) => keeper.keep(notice))

  const pulse = shared && new Pulse(bus, log)
  const repair = new Repair(engine, hub, () => connections.renew())
  hub.repairedBy(repair)
  if (pulse !== null) metrics.watchBus(() => pulse.isUp)
  let id = ''
  let closing: Promise<void> | undefined
  const ready = open()
  const admins = options.dashboard ? ready.then(openDashboard) : null
  // Whoever awaits them hears of a failure; nobody awaiting must not end the process.
  ready.catch(() => {})
  admins?.catch(() => {})

  const identity = createIdentity({
    engine,
    secret: settings.secret ?? null,
    identify: options.identify ?? null,
    sessions: admins && { callerOf: async (headers) => await (await admins).callerOf(headers) },
    visitors: settings.visitors === 'allow',
    origins: { publicOrigin: settings.publicUrl ?? null, allowedOrigins: settings.allowedOrigins },
  })
  const messages = new MessageLog(engine, settings.rateLimit)
  const connectionLimit = new ConnectionLimit(settings.connectionLimit)
  const looks = new Looks()
  const lookExchange = shared && new LookExchange(looks, hub, engine)
  const parts = { messages, hub, looks, connections, connectionLimit, identity }
  const core: Core = { ...engine, ...parts, epoch: () => id }
  const upgrades = new Upgrades(core, ready, settings)
  const stopWatching = admins && watchSessions(admins, connections, log)
  const basePath = (options.basePath ?? '/api').replace(/\/+$/, '')
  let server: Server | undefined
  const office = openPostOffice(core, settings, {
    render: options.mail?.render ?? null,
    appUrl: options.mail?.appUrl ?? null,
    ownUrl: () => settings.publicUrl ?? localAddress(server),
    basePath,
  })
  const unsubscribeKeys = office?.unsubscribeKeys ?? null
  const http = createHttp({ core, settings, basePath, admins, metrics, bus, unsubscribeKeys })
  ready.then(
    () => office?.postman.start(),
    () => {},
  )

  async function open(): Promise<void> {
    await openDatabase(store, options.migrate ?? true, log)
    id = await deskId(store)
    if (pulse === null || closing !== undefined) return
    await bus.open(id)
    // It was closed before it was open.
    if (closing !== undefined) return await bus.close()
    pulse.start()
    repair.start()
  }

  function openDashboard(): Promise<Admins> {
    const { secret, publicUrl } = settings
    if (secret === undefined) throw new Error('unreachable: a dashboard without a secret is refused')
    const isHttps = publicUrl?.startsWith('https:') ?? false
    return openAdmins({ engine, secret, isHttps, revoke: (ended) => connections.revoke(ended) })
  }

  async function close(): Promise<void> {
    upgrades.stop()
    stopWatching?.()
    await connections.drain()
    await messages.drained()
    await office?.postman.stop()
    pulse?.stop()
    repair.stop()
    keeper.stop()
    lookExchange?.stop()
    await bus.close()
    if (options.store === undefined) await store.close()
  }

  return {
    ready,
    admins,
    mailbox: office?.mailbox ?? null,
    async fetch(request, context) {
      await ready
      return await http.fetch(request, context)
    },
    attach(to, { path, exclusive = false } = {}) {
      server ??= to
      const prefixes = path === undefined ? [...new Set(['', basePath])] : [path.replace(/\/+$/, '')]
      upgrades.attach(to, prefixes, exclusive ? 'refuse' : 'leave')
    },
    revoke: (whose) => connections.revoke(whose),
    async erase(id) {
      await ready
      return await erase(engine, id)
    },
    close: () => (closing ??= close()),
  }
}

async function openDatabase(store: Store, isToBeMigrated: boolean, log: Logger): Promise<void> {
  for (const warning of await checkDatabase(store)) log.warn(warning)
  if (isToBeMigrated) await migrate(store)
  await store.clock.start()
}

/** Messages that reach one node only, or mails that never leave, are worse than a desk that does not start. */
function refuseWhatCannotWork(settings: Settings, { dashboard, database, store }: DeskOptions): void {
  const { busUrl, databaseUrl, secret, visitors } = settings
  const problems = mailProblems(settings)
  if (
    busUrl !== undefined &&
    database === undefined &&
    store === undefined &&
    databaseUrl.startsWith('sqlite:')
  )
    problems.push(
      'BUS_URL is for several desks, and an SQLite file has one: use PostgreSQL or MySQL (DATABASE_URL).',
    )
  if (secret === undefined && dashboard === true)
    problems.push('The dashboard needs DESKBELL_SECRET (secret).')
  if (secret === undefined && visitors === 'allow') problems.push('Visitors need DESKBELL_SECRET (secret).')
  if (problems.length > 0) throw new SettingsError(problems)
}

/** A mail without a sender, or with links that lead nowhere, is worse than none. */
function mailProblems({ mailUrl, mailFrom, secret, publicUrl }: Settings): string[] {
  if (mailUrl === undefined) return []
  const problems: string[] = []
  if (secret === undefined) problems.push('E-mail needs DESKBELL_SECRET (secret), to sign unsubscribe links.')
  if (mailUrl === MAILBOX_URL) return problems
  if (mailFrom === undefined)
    problems.push('MAIL_URL needs MAIL_FROM (mailFrom), the address that mails come from.')
  if (publicUrl === undefined)
    problems.push('MAIL_URL needs PUBLIC_URL (publicUrl), where unsubscribe links lead.')
  return problems
}

/** Where a desk on this machine can be reached, for trying it out. */
function localAddress(server: Server | undefined): string {
  const address = server?.address()
  const port = typeof address === 'object' && address !== null ? `:${address.port}` : ''
  return `http://localhost${port}`
}
