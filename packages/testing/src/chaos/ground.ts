import { type BusName, type BusServer, busServer } from '../../../server/src/testing/bus-server.ts'
import { MailServer } from '../../../server/src/testing/mail-server.ts'
import type { OwnServer } from '../../../server/src/testing/server-process.ts'
import { CutLine } from '../cut-line.ts'
import { durableServer, durableServerOnDisk } from '../database-desk.ts'
import { plainUser } from '../database-trouble.ts'
import { until } from '../until.ts'
import { Balancer } from './balancer.ts'
import { Desk } from './desk.ts'

export const DATABASES = ['postgres', 'mysql'] as const
export const BUSES = ['none', 'redis', 'nats', 'postgres'] as const
type DatabaseKind = (typeof DATABASES)[number]
type BusKind = (typeof BUSES)[number]

const BUS_NAMES: Record<Exclude<BusKind, 'none'>, BusName> = {
  redis: 'Redis',
  nats: 'NATS',
  postgres: 'PostgreSQL',
}
/** So long after everything is there again a desk may take to say so. */
const READY_MS = 30_000

export interface GroundOptions {
  database: DatabaseKind
  bus: BusKind
  desks: number
  /** Where the database lies: among everything else, or where there can be no room left. */
  disk: 'shared' | 'own'
  /** After how much silence the balancer hangs up; null for never. */
  idleMs: number | null
  /** Settings of the desks beside the usual ones. */
  env: Record<string, string>
}

/** Several desks as a careful operator runs them, on servers and lines that can be broken. */
export interface Ground extends AsyncDisposable {
  readonly database: OwnServer
  readonly databaseLine: CutLine
  /** The address of the desks' database, without the line. */
  readonly databaseUrl: string
  readonly bus: BusServer | null
  readonly busLine: CutLine | null
  readonly mails: MailServer
  readonly balancer: Balancer
  readonly desks: readonly Desk[]
  /** Resolves when every desk says that it is ready. */
  ready(): Promise<void>
}

export async function openGround(options: GroundOptions): Promise<Ground> {
  await using made = new AsyncDisposableStack()
  const isPostgres = options.database === 'postgres'
  const database = made.use(await (options.disk === 'own' ? durableServerOnDisk : durableServer)(isPostgres))
  const databaseUrl = database.url('desk')
  const userUrl = await plainUser(database)
  const databaseLine = made.use(await lineTo(databaseUrl))
  const bus = options.bus === 'none' ? null : made.use(await busServer(BUS_NAMES[options.bus]))
  const busLine = bus && made.use(await lineTo(bus.url))
  const mails = made.use(await MailServer.start())

  const desks: Desk[] = []
  const ports = () => desks.flatMap(({ port }) => port ?? [])
  const balancer = made.use(await Balancer.before(ports, options.idleMs))
  const env = {
    ...{ PUBLIC_URL: balancer.url, MAIL_URL: mails.url, MAIL_FROM: 'support@fern.example' },
    ...(bus && busLine && { BUS_URL: byLine(bus.url, busLine) }),
    ...options.env,
  }
  for (let n = 1; n <= options.desks; n++) {
    desks.push(made.use(new Desk(`desk ${n}`, byLine(userUrl, databaseLine), env)))
  }
  await Promise.all(desks.map((desk) => desk.start(0)))
  const isReady = async () => {
    const answers = await Promise.all(desks.map((desk) => desk.isReady()))
    return answers.every(Boolean) && balancer.alive === desks.length
  }
  const ready = async () => void (await until('all desks are ready', isReady, READY_MS))
  await ready()
  const everything = made.move()
  const dispose = () => everything.disposeAsync()
  return {
    ...{ database, databaseLine, databaseUrl, bus, busLine, mails, balancer, desks, ready },
    [Symbol.asyncDispose]: dispose,
  }
}

function lineTo(url: string): Promise<CutLine> {
  return CutLine.to(Number(new URL(url).port))
}

function byLine(url: string, line: CutLine): string {
  const address = new URL(url)
  address.port = `${line.port}`
  return address.href
}
