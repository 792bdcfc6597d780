import mysql from 'mysql2/promise'
import pg from 'pg'

/** Whoever waits longer is told that the database does not answer. */
const PATIENCE_MS = 3_000

type Row = Record<string, unknown>
interface Line {
  query(sql: string): Promise<Row[]>
  end(): void
}

/** Reads a database without any code of the desk, by a connection that is made again after each failure. */
export class Reader implements Disposable {
  readonly isPostgres: boolean
  readonly #url: string
  #line: Promise<Line> | null = null

  constructor(url: string) {
    this.#url = url
    this.isPostgres = url.startsWith('postgres:')
  }

  /** Throws when the database cannot be read now. */
  async query(sql: string): Promise<Row[]> {
    this.#line ??= this.isPostgres ? postgresLine(this.#url) : mysqlLine(this.#url)
    try {
      const line = await inTime(this.#line)
      return await inTime(line.query(sql))
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  /** A time as ISO 8601 in UTC with six decimals. */
  time(expression: string): string {
    return this.isPostgres
      ? `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
      : `date_format(${expression}, '%Y-%m-%dT%H:%i:%s.%fZ')`
  }

  get now(): string {
    return this.time(this.isPostgres ? 'clock_timestamp()' : 'utc_timestamp(6)')
  }

  [Symbol.dispose](): void {
    void this.#line?.then(
      (line) => line.end(),
      () => {},
    )
    this.#line = null
  }
}

async function postgresLine(url: string): Promise<Line> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS })
  client.on('error', () => {})
  await client.connect()
  return {
    query: async (sql) => (await client.query(sql)).rows as Row[],
    end: () => void client.end().catch(() => {}),
  }
}

async function mysqlLine(url: string): Promise<Line> {
  const connection = await mysql.createConnection({ uri: url, connectTimeout: PATIENCE_MS })
  connection.on('error', () => {})
  return {
    query: async (sql) => (await connection.query(sql))[0] as Row[],
    end: () => connection.destroy(),
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS)
  })
  work.catch(() => {})
  return await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
