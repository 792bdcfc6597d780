import { type Dialect, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, type QueryResult } from 'kysely'
import { codeOf, type FailureKind } from './failure.ts'
import {
  LONGEST_SILENCE_S,
  type Manners,
  type Pool,
  type PoolClient,
  PoolDriver,
  type PoolSource,
} from './pool-driver.ts'

/** What the desk uses of a pool of the package `mysql2` (the one with callbacks). */
export interface MysqlPool {
  getConnection(taken: (error: Error | null, connection: MysqlClient) => void): void
  end(ended: (error: Error | null) => void): void
}

export interface MysqlClient {
  query(
    query: { sql: string; values: unknown[]; typeCast: (field: Field, next: () => unknown) => unknown },
    answered: (error: Error | null, result: unknown) => void,
  ): void
  release(): void
  destroy(): void
}

/** What mysql2 tells of a value that it reads. */
interface Field {
  type: string
  string(encoding?: string): string | null
}

/** Kysely on MySQL or MariaDB. */
export function mysqlDialect(source: PoolSource): Dialect {
  return {
    createAdapter: () => new MysqlAdapter(),
    createDriver: () => new PoolDriver(source),
    createQueryCompiler: () => new MysqlQueryCompiler(),
    createIntrospector: (db) => new MysqlIntrospector(db),
  }
}

export const MYSQL_MANNERS: Manners = {
  // Under MySQL's own default, a statement after a lock was taken still reads what was there before it, and gaps
  // between rows are locked for which others then wait.
  begin: ['set transaction isolation level read committed', 'start transaction'],
  failureKind,
}

/** A pool of `mysql2` as the driver wants it. */
export function mysqlPool(pool: MysqlPool): Pool {
  return {
    ...MYSQL_MANNERS,
    connect: () =>
      new Promise((resolve, reject) =>
        pool.getConnection((error, client) => (error === null ? resolve(clientOf(client)) : reject(error))),
      ),
    end: () => new Promise((resolve, reject) => pool.end((error) => (error ? reject(error) : resolve()))),
  }
}

/** A pool on a `mysql://` address. */
export async function openMysqlPool(url: string): Promise<MysqlPool> {
  const { default: mysql } = await import('mysql2').catch((error: unknown) => {
    throw new Error('A mysql:// DATABASE_URL needs the package mysql2: npm install mysql2', { cause: error })
  })
  const pool = mysql.createPool({
    uri: url,
    charset: 'utf8mb4',
    connectTimeout: 3_000,
    connectionLimit: 10,
    enableKeepAlive: true,
  })
  // What is too long or out of range is refused instead of cut, and a row that is locked is not waited for too long.
  // MariaDB alone ends transactions that idle; MySQL takes it for a comment.
  const settings = `set session sql_mode = 'STRICT_ALL_TABLES', session innodb_lock_wait_timeout = 3
    /*M!100300 , session idle_transaction_timeout = ${LONGEST_SILENCE_S} */`
  pool.on('connection', (connection) => connection.query(settings))
  // mysql2 hands a promise to whoever gives no callback; its types know only the callbacks.
  return pool as unknown as MysqlPool
}

function clientOf(client: MysqlClient): PoolClient {
  return {
    query: (sql, parameters) =>
      new Promise((resolve, reject) =>
        client.query({ sql, values: parameters.map(writtenForMysql), typeCast }, (error, result) =>
          error === null ? resolve(resultOf(result)) : reject(error),
        ),
      ),
    release: (isBroken) => (isBroken ? client.destroy() : client.release()),
  }
}

function resultOf(result: unknown): QueryResult<unknown> {
  if (Array.isArray(result)) return { rows: result }
  const { affectedRows } = result as { affectedRows: number }
  return { rows: [], numAffectedRows: BigInt(affectedRows) }
}

/** Times in UTC, whatever the zone of this machine: mysql2 would write its local time. */
export function writtenForMysql(value: unknown): unknown {
  return value instanceof Date ? value.toISOString().slice(0, -1).replace('T', ' ') : value
}

/** Whatever a host set for its own queries: a time is read as the text that we write, and so are bytes. */
function typeCast(field: Field, next: () => unknown): unknown {
  switch (field.type) {
    case 'DATETIME':
      return readDatetime(field.string())
    case 'VAR_STRING':
      return field.string('utf8')
    case 'NEWDECIMAL':
    case 'LONGLONG': {
      const text = field.string()
      return text === null ? null : Number(text)
    }
    default:
      return next()
  }
}

/** `2026-11-22 17:41:00.1234` as `2026-11-22T17:41:00.123400Z`. */
export function readDatetime(text: string | null): string | null {
  return text?.replace(' ', 'T').padEnd(26, '0').concat('Z') ?? null
}

const COLLISIONS = ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_DUP_ENTRY', 'ER_CHECKREAD']
const LOST = [
  'PROTOCOL_CONNECTION_LOST',
  'ER_SERVER_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  'ER_QUERY_INTERRUPTED',
]
const UNAVAILABLE = [
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_READ_ONLY_MODE',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
  'ER_RECORD_FILE_FULL',
  'ER_DISK_FULL',
  'ER_ERROR_ON_WRITE',
]

function failureKind(error: unknown): FailureKind | null {
  const code = codeOf(error)
  if (COLLISIONS.includes(code)) return 'collision'
  if (UNAVAILABLE.includes(code)) return 'unavailable'
  const isFatal = error instanceof Error && 'fatal' in error && error.fatal === true
  return isFatal || LOST.includes(code) || /^E[A-Z]+$/.test(code) ? 'lost' : null
}
