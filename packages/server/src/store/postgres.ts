import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import { codeOf, DatabaseFailure } from './failure.ts'
import type { Timestamp } from './schema.ts'
import { timestamp } from './time.ts'
import { WaitingLine } from './waiting-line.ts'

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

/** Kysely on a pool of `pg`, which is opened when the first query needs it. */
export class PostgresPoolDialect implements Dialect {
  readonly #open: () => Promise<PostgresPool>
  readonly #isOurs: boolean

  /** `isOurs` tells whether the pool is ended with the store. */
  constructor(open: () => Promise<PostgresPool>, isOurs: boolean) {
    this.#open = open
    this.#isOurs = isOurs
  }

  createAdapter = () => new PostgresAdapter()
  createDriver = () => new PostgresDriver(this.#open, this.#isOurs)
  createQueryCompiler = () => new PostgresQueryCompiler()
  createIntrospector = (db: Parameters<Dialect['createIntrospector']>[0]) => new PostgresIntrospector(db)
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

class PostgresDriver implements Driver {
  readonly #open: () => Promise<PostgresPool>
  readonly #isOurs: boolean
  #pool: PostgresPool | undefined
  #line: WaitingLine<PostgresClient> | undefined

  constructor(open: () => Promise<PostgresPool>, isOurs: boolean) {
    this.#open = open
    this.#isOurs = isOurs
  }

  async init(): Promise<void> {
    const pool = await this.#open()
    this.#pool = pool
    this.#line = new WaitingLine(
      () => pool.connect(),
      (client) => client.release(),
    )
  }

  async acquireConnection(): Promise<PostgresConnection> {
    if (this.#line === undefined) throw new Error('unreachable: Kysely initialises its driver first')
    return new PostgresConnection(await this.#line.next())
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin isolation level read committed'))
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    await connection.commit()
  }

  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    await connection.rollback()
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release()
  }

  async destroy(): Promise<void> {
    if (this.#isOurs) await this.#pool?.end()
  }
}

class PostgresConnection implements DatabaseConnection {
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

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { command, rowCount, rows } = await this.#query(sql, parameters)
    const result = { rows: rows as R[] }
    return command === 'SELECT' ? result : { ...result, numAffectedRows: BigInt(rowCount ?? 0) }
  }

  // biome-ignore lint/correctness/useYield: the interface asks for it; nothing here streams.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('the desk does not stream queries')
  }

  async commit(): Promise<void> {
    const { command } = await this.#query('commit', [])
    // After an error that nobody heard of, COMMIT answers that it rolled back.
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back')
  }

  async rollback(): Promise<void> {
    if (this.#isBroken) return
    await this.#query('rollback', []).catch(() => {
      this.#isBroken = true
    })
  }

  release(): void {
    this.#client.off('error', this.#onError)
    this.#client.release(this.#isBroken)
  }

  async #query(text: string, values: readonly unknown[]) {
    try {
      return await this.#client.query({ text, values: [...values], types: this.#types })
    } catch (error) {
      const kind = failureKind(error)
      if (kind === 'lost') this.#isBroken = true
      throw kind === null ? error : new DatabaseFailure(kind, error)
    }
  }
}

/** Classes and codes of PostgreSQL's appendix A. */
function failureKind(error: unknown): DatabaseFailure['kind'] | null {
  const code = codeOf(error)
  // serialization_failure, deadlock_detected, unique_violation, lock_not_available
  if (['40001', '40P01', '23505', '55P03'].includes(code)) return 'collision'
  // connection exceptions, admin_shutdown, crash_shutdown, and what never got an answer
  if (/^(08...|57P0[1-3]|)$/.test(code) || /^E[A-Z]+$/.test(code)) return 'lost'
  // insufficient resources (disk, memory, connections), a server that only reads, a query that was cancelled
  if (/^(53...|25006|57014)$/.test(code)) return 'unavailable'
  return null
}

const TIMESTAMPTZ = 1184
const BIGINT = 20

/** `2026-11-22 17:41:00.1234+00` as `2026-11-22T17:41:00.123400Z`. */
function readTimestamp(text: string): Timestamp {
  const [, date, time, fraction = '', zone = ''] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?([+-].*)$/.exec(text) ?? []
  if (date === undefined || time === undefined) throw new Error('the database told a time in another style')
  const digits = fraction.padEnd(6, '0')
  if (zone === '+00') return `${date}T${time}.${digits}Z`
  const offset = zone.length === 3 ? `${zone}:00` : zone.slice(0, 6)
  return timestamp(Date.parse(`${date}T${time}${offset}`) * 1000 + Number(digits))
}
