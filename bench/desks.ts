import { fileURLToPath } from 'node:url'
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { BusName } from '../packages/server/src/testing/bus-server.ts'
import { type Arena, openArena } from './arena.ts'
import { CONTENDERS, type Contender, countsIn, countsOf, deskbellProgram, SECRET } from './contenders.ts'
import { type DatabaseKind, type Ground, ground } from './grounds.ts'
import { type Faults, noFaults } from './load/client.ts'
import { CONNECT_TIMEOUT_MS, type Effort, type Figures, GENTLE_PER_SECOND } from './measures/measure.ts'
import { throughput } from './measures/throughput.ts'

/** What the databases and several desks can do, and how long an event takes from one desk to another. */
export interface DesksCost {
  /** Durable messages a second, by contender; medians. */
  throughput: { title: string; figures: Figures }[]
  /** From a user's sending to an admin's receiving; medians. */
  crossing: { bus: BusName; same: Figures; other: Figures }[]
  faults: Faults
}

const DESKS = [1, 2, 3]
const CROSSED_BY: readonly BusName[] = ['Redis', 'NATS', 'PostgreSQL']
const CROSSINGS = 200

const PEERS: readonly Contender[] = [
  ...CONTENDERS.filter(({ name }) => name === 'deskbell'),
  desks('mariadb', 1, []),
  ...DESKS.map((count) => desks('postgres', count, count > 1 ? ['Redis'] : [])),
  ...[1, 2].map(socketIoNodes),
]

/** Runs the rounds of both; in each, everyone takes a turn. */
export async function measureDesks(effort: Effort, tell: (progress: string) => void): Promise<DesksCost> {
  const faults = noFaults()
  const told: { title: string; figures: Figures }[] = []
  const crossed: { title: string; figures: Figures }[] = []
  for (let round = 1; round <= effort.rounds; round++) {
    for (const contender of PEERS) {
      tell(`desks, round ${round} of ${effort.rounds}: ${contender.title}`)
      const figures = await within(contender, faults, (arena) => throughput.run(arena, effort))
      told.push({ title: contender.title, figures })
    }
    for (const bus of CROSSED_BY) {
      tell(`desks, round ${round} of ${effort.rounds}: from one to another by ${bus}`)
      for (const [where, admin] of [
        ['same', 0],
        ['other', 1],
      ] as const) {
        const figures = await within(desks('postgres', 2, [bus]), faults, (arena) => cross(arena, admin))
        crossed.push({ title: `${bus} ${where}`, figures })
      }
    }
  }
  const mediansFor = (all: typeof told, title: string) => medians(all.filter((one) => one.title === title))
  return {
    throughput: PEERS.map(({ title }) => ({ title, figures: mediansFor(told, title) })),
    crossing: CROSSED_BY.map((bus) => ({
      bus,
      same: mediansFor(crossed, `${bus} same`),
      other: mediansFor(crossed, `${bus} other`),
    })),
    faults,
  }
}

async function within<Result>(
  contender: Contender,
  total: Faults,
  work: (arena: Arena) => Promise<Result>,
): Promise<Result> {
  await using arena = await openArena(contender)
  const result = await work(arena)
  const faults = await arena.close()
  for (const name of Object.keys(total) as (keyof Faults)[]) total[name] += faults[name] // its own names
  return result
}

/** A user on the first desk, and an admin on this one more; the next message is sent when the admin has the last. */
async function cross(arena: Arena, admin: number): Promise<Figures> {
  const [first = 0] = arena.ports
  const connecting = { count: 1, perSecond: GENTLE_PER_SECOND, timeoutMs: CONNECT_TIMEOUT_MS }
  await arena.aim([first], [arena.ports[admin] ?? first])
  await arena.order('openChats', 1)
  await arena.order('connectUsers', connecting)
  await arena.order('connectAdmins', connecting)
  await arena.order('fanOut', CROSSINGS / 10) // warms up
  const { p50Ms, p99Ms } = await arena.order('fanOut', CROSSINGS)
  return { p50Ms, p99Ms }
}

function desks(database: DatabaseKind, processes: number, buses: readonly BusName[]): Contender {
  const server = database === 'postgres' ? 'PostgreSQL' : 'MariaDB'
  return {
    name: 'deskbell',
    title:
      processes === 1 ? `Deskbell, ${server}` : `Deskbell, ${server}, ${processes} desks, ${buses.join()}`,
    dialect: 'cable',
    credentials: { secret: SECRET },
    processes,
    ground: () => ground(database, buses),
    args: () => [...deskbellProgram(), 'start'],
    env: (port) => ({
      PORT: String(port),
      HOST: '127.0.0.1',
      DESKBELL_SECRET: SECRET,
      RATE_LIMIT: '0',
      CONNECTION_LIMIT: '0',
    }),
    stored: (_folder, on) => counted(on, 'support_messages'),
  }
}

function socketIoNodes(processes: number): Contender {
  return {
    name: 'socket.io',
    title: `Socket.IO, PostgreSQL${processes === 1 ? '' : `, ${processes} nodes, Redis`}`,
    dialect: 'socket.io',
    credentials: 'name',
    processes,
    ground: () => ground('postgres', processes === 1 ? [] : ['Redis']),
    args: () => [fileURLToPath(new URL('./servers/socket-io-postgres.ts', import.meta.url))],
    env: (port) => ({ PORT: String(port) }),
    stored: (_folder, on) => counted(on, 'messages'),
  }
}

async function counted(on: Ground | null, table: string): Promise<Map<string, number>> {
  const url = on?.env.DATABASE_URL ?? ''
  if (url.startsWith('mysql:')) {
    const connection = await mysql.createConnection(url)
    const [rows] = await connection.query(countsOf(table))
    await connection.end()
    return countsIn(rows as Record<string, unknown>[]) // a SELECT answers with rows
  }
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query(countsOf(table))
  await client.end()
  return countsIn(rows)
}

function medians(rounds: readonly { figures: Figures }[]): Figures {
  const names = Object.keys(rounds[0]?.figures ?? {})
  return Object.fromEntries(
    names.map((name) => {
      const values = rounds.map(({ figures }) => figures[name] ?? Number.NaN).sort((a, b) => a - b)
      return [name, values[values.length >> 1] ?? Number.NaN]
    }),
  )
}
