import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  type QueryResult,
} from 'kysely'
import { codeOf, DatabaseFailure } from './failure.ts'
import { WaitingLine } from './waiting-line.ts'

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

/** Kysely on a pool of `mysql2`, which is opened when the first query needs it. */
export class MysqlPoolDialect implements Dialect {
  readonly #open: () => Promise<MysqlPool>
  readonly #isOurs: boolean

  /** `isOurs` tells whether the pool is ended with the store. */
  constructor(open: () => Promise<MysqlPool>, isOurs: boolean) {
    this.#open = open
    this.#isOurs = isOurs
  }

  createAdapter = () => new MysqlAdapter()
  createDriver = () => new MysqlDriver(this.#open, this.#isOurs)
  createQueryCompiler = () => new MysqlQueryCompiler()
  createIntrospector = (db: Parameters<Dialect['createIntrospector']>[0]) => new MysqlIntrospector(db)
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
  const settings = `set session sql_mode = 'STRICT_ALL_TABLES', session innodb_lock_wait_timeout = 5`
  pool.on('connection', (connection) => connection.query(settings))
  // mysql2 hands a promise to whoever gives no callback; its types know only the callbacks.
  return pool as unknown as MysqlPool
}

class MysqlDriver implements Driver {
  readonly #open: () => Promise<MysqlPool>
  readonly #isOurs: boolean
  #pool: MysqlPool | undefined
  #line: WaitingLine<MysqlClient> | undefined

  constructor(open: () => Promise<MysqlPool>, isOurs: boolean) {
    this.#open = open
    this.#isOurs = isOurs
  }

  async init(): Promise<void> {
    const pool = await this.#open()
    this.#pool = pool
    this.#line = new WaitingLine(
      () =>
        new Promise<MysqlClient>((resolve, reject) =>
          pool.getConnection((error, client) => (error === null ? resolve(client) : reject(error))),
        ),
      (client) => client.release(),
    )
  }

  async acquireConnection(): Promise<MysqlConnection> {
    if (this.#line === undefined) throw new Error('unreachable: Kysely initialises its driver first')
    return new MysqlConnection(await this.#line.next())
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    // Under MySQL's own default, a statement after a lock was taken still reads what was there before it, and gaps
    // between rows are locked for which others then wait.
    await connection.executeQuery(CompiledQuery.raw('set transaction isolation level read committed'))
    await connection.executeQuery(CompiledQuery.raw('start transaction'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: MysqlConnection): Promise<void> {
    await connection.rollback()
  }

  async releaseConnection(connection: MysqlConnection): Promise<void> {
    connection.release()
  }

  async destroy(): Promise<void> {
    const pool = this.#pool
    if (pool === undefined || !this.#isOurs) return
    await new Promise<void>((resolve, reject) => pool.end((error) => (error ? reject(error) : resolve())))
  }
}

class MysqlConnection implements DatabaseConnection {
  readonly #client: MysqlClient
  #isBroken = false

  constructor(client: MysqlClient) {
    this.#client = client
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const result = await this.#query(sql, parameters)
    if (Array.isArray(result)) return { rows: result as R[] }
    const { affectedRows } = result as { affectedRows: number }
    return { rows: [], numAffectedRows: BigInt(affectedRows) }
  }

  // biome-ignore lint/correctness/useYield: the interface asks for it; nothing here streams.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('the desk does not stream queries')
  }

  async rollback(): Promise<void> {
    if (this.#isBroken) return
    await this.#query('rollback', []).catch(() => {
      this.#isBroken = true
    })
  }

  release(): void {
    if (this.#isBroken) this.#client.destroy()
    else this.#client.release()
  }

  #query(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) =>
      this.#client.query({ sql, values: parameters.map(written), typeCast }, (error, result) => {
        if (error === null) return resolve(result)
        const kind = failureKind(error)
        if (kind === 'lost') this.#isBroken = true
        reject(kind === null ? error : new DatabaseFailure(kind, error))
      }),
    )
  }
}

/** Times in UTC, whatever the zone of this machine: mysql2 would write its local time. */
function written(value: unknown): unknown {
  return value instanceof Date ? value.toISOString().slice(0, -1).replace('T', ' ') : value
}

/** Whatever a host set for its own queries: a time is read as the text that we write, and so are bytes. */
function typeCast(field: Field, next: () => unknown): unknown {
  switch (field.type) {
    case 'DATETIME':
      return field.string()?.replace(' ', 'T').padEnd(26, '0').concat('Z') ?? null
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

function failureKind(error: unknown): DatabaseFailure['kind'] | null {
  const code = codeOf(error)
  if (COLLISIONS.includes(code)) return 'collision'
  if (UNAVAILABLE.includes(code)) return 'unavailable'
  const isFatal = error instanceof Error && 'fatal' in error && error.fatal === true
  return isFatal || LOST.includes(code) || /^E[A-Z]+$/.test(code) ? 'lost' : null
}
