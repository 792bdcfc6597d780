import { CompiledQuery, type Dialect, type QueryExecutorProvider, type QueryResult, sql } from 'kysely'
import { type DialectTraits, MYSQL, POSTGRES, SQLITE } from './dialect.ts'
import { MYSQL_MANNERS, mysqlDialect, readDatetime, writtenForMysql } from './mysql.ts'
import type { Manners, PoolClient, PoolSource } from './pool-driver.ts'
import { POSTGRES_MANNERS, postgresDialect, readTimestamp } from './postgres.ts'
import { SQLITE_MANNERS, sqliteDialect } from './sqlite.ts'
import { isTimeColumn } from './time-columns.ts'

/** What the desk uses of a Kysely instance, whatever tables it knows. */
export interface HostKysely extends QueryExecutorProvider {
  withoutPlugins(): HostKysely
  connection(): { execute<T>(work: (connection: HostConnection) => Promise<T>): Promise<T> }
}

interface HostConnection {
  executeQuery(query: CompiledQuery): Promise<QueryResult<unknown>>
}

/** A database that is open for a store. */
export interface Opened {
  traits: DialectTraits
  dialect: Dialect
}

/** The database behind a Kysely instance of the host: its connections are borrowed, and run our own transactions. */
export function openKysely(host: HostKysely): Opened {
  const source = (manners: Manners, translation: Translation): PoolSource => ({
    open: async () => ({ ...manners, connect: () => borrow(host, translation), end: async () => {} }),
    isOurs: false,
  })
  switch (dialectOf(host)) {
    case 'postgres':
      return { traits: POSTGRES, dialect: postgresDialect(source(POSTGRES_MANNERS, FROM_POSTGRES)) }
    case 'mysql':
      return { traits: MYSQL, dialect: mysqlDialect(source(MYSQL_MANNERS, FROM_MYSQL)) }
    case 'sqlite':
      return { traits: SQLITE, dialect: sqliteDialect(source(SQLITE_MANNERS, FROM_SQLITE)) }
  }
}

/** Kysely's dialects have no names; how they quote and count tells them apart. */
function dialectOf(host: HostKysely): DialectTraits['name'] {
  const written = sql`${1} ${sql.id('x')}`.compile(host.withoutPlugins()).sql
  if (written === '$1 "x"') return 'postgres'
  if (written === '? `x`') return 'mysql'
  if (written === '? "x"') return 'sqlite'
  throw new Error('The Kysely instance must be on PostgreSQL, MySQL, MariaDB or SQLite.')
}

/** How what the host's driver takes and gives becomes what ours would take and give. */
interface Translation {
  statement(text: string): string
  parameter(value: unknown): unknown
  row(row: unknown): unknown
}

const FROM_POSTGRES: Translation = {
  // As JSON, whatever the driver makes of each type: pg alone would cut times to milliseconds.
  statement: (text) =>
    /^\s*(select|with)\b/i.test(text)
      ? `select row_to_json(found)::text as found from (${text}) as found`
      : text,
  parameter: (value) => (value instanceof Date ? value.toISOString() : value),
  row: (row) => {
    const { found } = row as { found?: unknown }
    return typeof found === 'string' ? JSON.parse(found, readJson) : row
  },
}

function readJson(column: string, value: unknown): unknown {
  return typeof value === 'string' && isTimeColumn(column) ? readTimestamp(value) : value
}

const FROM_MYSQL: Translation = {
  statement: (text) => text,
  parameter: writtenForMysql,
  row: (row) => {
    const entries = Object.entries(row as object)
    return Object.fromEntries(entries.map(([column, value]) => [column, readMysql(column, value)]))
  },
}

function readMysql(column: string, value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('utf8')
  return typeof value === 'string' && isTimeColumn(column) ? readDatetime(value) : value
}

const FROM_SQLITE: Translation = {
  statement: (text) => text,
  parameter: (value) => value,
  row: (row) => row,
}

/** A connection of the host, until it is released. */
function borrow(host: HostKysely, translation: Translation): Promise<PoolClient> {
  return new Promise((resolve, reject) => {
    const lent = host.withoutPlugins().connection()
    lent
      .execute(
        (connection) =>
          new Promise<void>((giveBack) => resolve(new BorrowedClient(connection, translation, giveBack))),
      )
      .catch(reject)
  })
}

class BorrowedClient implements PoolClient {
  readonly #connection: HostConnection
  readonly #translation: Translation
  readonly #giveBack: () => void
  #last: Promise<unknown> = Promise.resolve()

  constructor(connection: HostConnection, translation: Translation, giveBack: () => void) {
    this.#connection = connection
    this.#translation = translation
    this.#giveBack = giveBack
  }

  async query(text: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>> {
    const { statement, parameter, row } = this.#translation
    const answer = this.#connection.executeQuery(
      CompiledQuery.raw(statement(text), parameters.map(parameter)),
    )
    this.#last = answer
    const result = await answer
    return { ...result, rows: result.rows.map(row) }
  }

  release(isBroken: boolean): void {
    if (isBroken) void this.#settle()
    else this.#giveBack()
  }

  /** It is not ours to end. The host has it back when it is in the midst of nothing. */
  async #settle(): Promise<void> {
    await this.#last.catch(() => {})
    await this.#connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => {})
    this.#giveBack()
  }
}
