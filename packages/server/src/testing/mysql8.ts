import { createPool } from 'mysql2'
import type { MysqlClient, MysqlPool } from '../store/mysql.ts'

/** What MariaDB understands and MySQL 8 does not, or only other databases do. */
const NOT_IN_MYSQL: readonly RegExp[] = [
  /\breturning\b/i,
  /\bon conflict\b/i,
  /\binsert or\b/i,
  /\bfor update of\b/i,
  /\bcreate or replace table\b/i,
  /\bif (not )?exists\b/i,
  /\bnextval\b|\bcreate sequence\b/i,
  /::\w/,
  /\breferences\b/i,
  /\brows examined\b|\bintersect\b|\bexcept\b/i,
  /"/,
]

/** A pool on MariaDB that refuses whatever MySQL 8 would. The values of a statement are not looked at. */
export async function mysql8Pool(url: string): Promise<MysqlPool & AsyncDisposable> {
  const pool = createPool({ uri: url, charset: 'utf8mb4', connectionLimit: 10 })
  // mysql2's types leave out what its callbacks are given when all is well.
  const inner = pool as unknown as MysqlPool
  const end = () => new Promise<void>((resolve) => pool.end(() => resolve()))
  return {
    getConnection: (taken) =>
      inner.getConnection((error, connection) =>
        taken(error, error === null ? inspected(connection) : connection),
      ),
    end: (ended) => inner.end(ended),
    [Symbol.asyncDispose]: end,
  }
}

/** Where those words do stand in MySQL's own language. */
const IN_MYSQL = /create table if not exists|foreign key \([^)]*\) references/g

function inspected(connection: MysqlClient): MysqlClient {
  return {
    query(query, answered) {
      const rest = query.sql.replaceAll(IN_MYSQL, '')
      const foreign = NOT_IN_MYSQL.find((syntax) => syntax.test(rest))
      if (foreign === undefined) return connection.query(query, answered)
      answered(new Error(`MySQL 8 does not understand ${foreign} in: ${query.sql}`), undefined)
    },
    release: () => connection.release(),
    destroy: () => connection.destroy(),
  }
}
