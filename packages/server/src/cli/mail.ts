import type { DeskEvent } from '../engine.ts'
import { isMailable } from '../notifications/address.ts'
import { decisionLog } from '../notifications/decisions.ts'
import { type MailRoute, mailRoute } from '../notifications/mail-url.ts'
import { type Mail, MailFailure, smtpMailer } from '../notifications/mailer.ts'
import { allowAgain } from '../notifications/suppressions.ts'
import { type Settings, settingsFromEnv } from '../settings.ts'
import { migrate } from '../store/migrations.ts'
import { openStore } from '../store/store.ts'
import { readFlags, UsageError } from './flags.ts'
import { advice } from './mail-advice.ts'
import { decisionLine } from './mail-line.ts'
import { tellDesks } from './tell-desks.ts'
import type { Terminal } from './terminal.ts'

const LOG_LINES = 50
const MOST_LOG_LINES = 100_000

/** `deskbell mail test` */
export async function mailTest(args: readonly string[], terminal: Terminal): Promise<void> {
  const address = addressIn(args)
  const settings = settingsFromEnv(terminal.env)
  const { mailUrl, mailFrom } = settings
  if (mailUrl === undefined || mailFrom === undefined) {
    throw new UsageError('MAIL_URL and MAIL_FROM must be set: see "deskbell start --help".')
  }
  const route = mailRoute(mailUrl)
  if (route === null || route === 'mailbox') {
    throw new UsageError('MAIL_URL=mailbox: keeps e-mails for the demo and sends none.')
  }
  try {
    await smtpMailer(route).send(testMail(settings, mailFrom, address))
  } catch (error) {
    if (!(error instanceof MailFailure)) throw error
    throw new UsageError(failed(error, route, mailFrom))
  }
  terminal.out(
    `${route.host} took an e-mail to ${address}. If it does not arrive, look into the spam folder.`,
  )
}

/** `deskbell mail log` */
export async function mailLog(args: readonly string[], terminal: Terminal): Promise<void> {
  const { limit } = readFlags(args, { limit: { type: 'string' } })
  const lines = limit === undefined ? LOG_LINES : Number(limit)
  if (!Number.isInteger(lines) || lines < 1 || lines > MOST_LOG_LINES) {
    throw new UsageError(`--limit must be a whole number from 1 to ${MOST_LOG_LINES}.`)
  }
  await withStore(terminal, async (store) => {
    const decisions = await decisionLog(store, lines)
    if (decisions.length === 0) terminal.out('There have been no replies to e-mail about.')
    for (const decision of decisions) terminal.out(decisionLine(decision))
  })
}

/** `deskbell mail allow` */
export async function mailAllow(args: readonly string[], terminal: Terminal): Promise<void> {
  const address = addressIn(args)
  const { busUrl } = settingsFromEnv(terminal.env)
  await withStore(terminal, async (store) => {
    const events: DeskEvent[] = []
    const engine = { store, publish: (more: readonly DeskEvent[]) => void events.push(...more) }
    if (!(await allowAgain(engine, address))) throw new UsageError(`${address} has not refused an e-mail.`)
    terminal.out(`${address} will be written to again.`)
    if (busUrl === undefined || (await tellDesks(store, busUrl, events))) return
    terminal.out('The bus of BUS_URL cannot be reached: dashboards show it when the chat is opened again.')
  })
}

async function withStore(
  { env }: Terminal,
  work: (store: ReturnType<typeof openStore>) => Promise<void>,
): Promise<void> {
  const store = openStore(settingsFromEnv(env).databaseUrl)
  try {
    await migrate(store)
    await work(store)
  } finally {
    await store.close()
  }
}

function addressIn([address, ...rest]: readonly string[]): string {
  if (address === undefined || !isMailable(address) || rest.length > 0) {
    throw new UsageError('Name one e-mail address, for example: deskbell mail test you@example.com')
  }
  return address
}

function testMail({ appName }: Settings, from: string, to: string): Mail {
  const text = `This is a test by "deskbell mail test". ${appName} can send e-mails about unread replies.`
  return {
    from: { name: `${appName} Support`, address: from },
    to: { name: '', address: to },
    subject: `Test e-mail from ${appName} Support`,
    text: `${text}\n`,
    html: '',
    id: `${crypto.randomUUID()}${from.slice(from.lastIndexOf('@'))}`,
    thread: null,
    headers: { 'Auto-Submitted': 'auto-generated' },
    date: new Date(),
  }
}

function failed({ cause, message }: MailFailure, route: MailRoute, from: string): string {
  return `The e-mail was not sent.\n\n  ${advice(cause, route, from)}\n\n  It said: ${message}`
}
