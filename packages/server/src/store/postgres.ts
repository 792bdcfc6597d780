import {
  type Dialect,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import { codeOf, type FailureKind } from './failure.ts'
import {
  LONGEST_SILENCE_S,
  type Manners,
  type Pool,
  type PoolClient,
  PoolDriver,
  type PoolSource,
} from './pool-driver.ts'
import type { Timestamp } from './schema.ts'
import { timestamp } from './time.ts'

/** What the desk uses of a pool of the package `pg`. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>
  end(): Promise<void>
}

type GetTypeParser = (oid: number, format?: 'text' | 'binary') => (value: string) => unknown

interface PostgresClient {
  query(query: {
    text: string
    values: unknown[]
    types: { getTypeParser: GetTypeParser }
  }): Promise<{ command: string; rowCount: number | null; rows: unknown[] }>
  /** How this client reads a type otherwise. */
  getTypeParser: GetTypeParser
  release(destroy?: boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

/** Kysely on PostgreSQL. */
export function postgresDialect(source: PoolSource): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PoolDriver(source),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  }
}

export const POSTGRES_MANNERS: Manners = {
  begin: [
    'begin isolation level read committed',
    // Not for the whole session: behind PgBouncer it is another one's next.
    `set local idle_in_transaction_session_timeout = '${LONGEST_SILENCE_S}s'`,
  ],
  failureKind,
}

/** A pool of `pg` as the driver wants it. */
export function postgresPool(pool: PostgresPool): Pool {
  return {
    ...POSTGRES_MANNERS,
    // What has no values travels at once, and costs one way.
    begin: [POSTGRES_MANNERS.begin.join(';')],
    connect: async () => new Client(await pool.connect()),
    end: () => pool.end(),
  }
}

/** A pool on a `postgres://` address. */
export async function openPostgresPool(url: string): Promise<PostgresPool> {
  const { default: pg } = await import('pg').catch((error: unknown) => {
    throw new Error('A postgres:// DATABASE_URL needs the package pg: npm install pg', { cause: error })
  })
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'deskbell',
    connectionTimeoutMillis: 3_000,
    keepAlive: true,
    max: 10,
  })
  // A connection that breaks while nobody uses it is gone from the pool already.
  pool.on('error', () => {})
  return pool
}

class Client implements PoolClient {
  readonly #client: PostgresClient
  /** Whatever a host set for its own queries: a time is read as the text that we write, a count as a number. */
  readonly #types: { getTypeParser: GetTypeParser }
  #isBroken = false
  readonly #onError = () => {
    this.#isBroken = true
  }

  constructor(client: PostgresClient) {
    this.#client = client
    this.#types = {
      getTypeParser(oid, format) {
        if (oid === TIMESTAMPTZ) return readTimestamp
        return oid === BIGINT ? Number : client.getTypeParser(oid, format)
      },
    }
    // Without a listener, a connection that breaks between two queries would end the process.
    client.on('error', this.#onError)
  }

  async query(text: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>> {
    const query = { text, values: [...parameters], types: this.#types }
    const { command, rowCount, rows } = await this.#client.query(query)
    // After an error that nobody heard of, COMMIT answers that it rolled back.
    if (text === 'commit' && command !== 'COMMIT') throw new Error('the transaction was rolled back')
    return command === 'SELECT' ? { rows } : { rows, numAffectedRows: BigInt(rowCount ?? 0) }
  }

  release(isBroken: boolean): void {
    this.#client.off('error', this.#onError)
    this.#client.release(isBroken || this.#isBroken)
  }
}

/** Classes and codes of PostgreSQL's appendix A. */
function failureKind(error: unknown): FailureKind | null {
  const code = codeOf(error)
  // serialization_failure, deadlock_detected, unique_violation, lock_not_available
  if (['40001', '40P01', '23505', '55P03'].includes(code)) return 'collision'
  // connection exceptions, admin_shutdown, crash_shutdown, a transaction that idled, and what never got an answer
  if (/^(08...|57P0[1-3]|25P03|)$/.test(code) || /^E[A-Z]+$/.test(code)) return 'lost'
  // insufficient resources (disk, memory, connections), a server that only reads, a query that was cancelled
  if (/^(53...|25006|57014)$/.test(code)) return 'unavailable'
  return null
}

const TIMESTAMPTZ = 1184
const BIGINT = 20

/** `2026-11-22 17:41:00.1234+00` as `2026-11-22T17:41:00.123400Z`. */
export function readTimestamp(text: string): Timestamp {
  const [, date, time, fraction = '', zone = ''] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?([+-].*)$/.exec(text) ?? []
  if (date === undefined || time === undefined) throw new Error('the database told a time in another style')
  const digits = fraction.padEnd(6, '0')
  if (zone === '+00') return `${date}T${time}.${digits}Z`
  const offset = zone.length === 3 ? `${zone}:00` : zone.slice(0, 6)
  return timestamp(Date.parse(`${date}T${time}${offset}`) * 1000 + Number(digits))
}
