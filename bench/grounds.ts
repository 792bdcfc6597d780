import { execFileSync } from 'node:child_process'
import { type BusName, busServer } from '../packages/server/src/testing/bus-server.ts'
import { mariadbServer, postgresServer, statements } from '../packages/server/src/testing/database-server.ts'
import { canPin } from './processes.ts'

/** Where contenders run, and with them what they stand on: one core holds all that an operator would have to pay for. */
export const SERVER_CORE = 0

/** The servers that a contender stands on, for one round. */
export interface Ground extends AsyncDisposable {
  /** Where they are, as contenders are told. */
  env: Record<string, string>
  /** The address of one of its databases. */
  url(database: string): string
}

export type DatabaseKind = 'postgres' | 'mariadb'

/** Empty databases on a server that keeps what it says that it keeps, and the servers of buses. */
export async function ground(
  database: DatabaseKind,
  buses: readonly BusName[],
  names: readonly [string, ...string[]] = ['desk'],
): Promise<Ground> {
  await using started = new AsyncDisposableStack()
  const server = started.use(await (database === 'postgres' ? postgresServer : mariadbServer)('durable'))
  const made = names.map((name) => `create database ${name}`)
  await statements(server.url(database === 'postgres' ? 'postgres' : ''), ...made)
  pin(server.pids())
  const env: Record<string, string> = { DATABASE_URL: server.url(names[0]) }
  for (const name of buses) {
    const bus = started.use(await busServer(name))
    pin(bus.pids())
    env.BUS_URL = bus.url
  }
  const all = started.move()
  return { env, url: (name) => server.url(name), [Symbol.asyncDispose]: () => all.disposeAsync() }
}

function pin(pids: readonly number[]): void {
  if (!canPin) return
  for (const pid of pids)
    execFileSync('taskset', ['-acp', String(SERVER_CORE), String(pid)], { stdio: 'ignore' })
}
