import { createPool } from 'mysql2'
import type { MysqlClient, MysqlPool } from '../store/mysql.ts'

export interface Death {
  /** The statement that changes something which is the last, counted from 1. */
  at: number
  /** Whether the database has done it then; nobody hears of that. */
  isDone: boolean
  /** What happens to whoever has the pool, where it is not only the pool that dies. */
  die?(): void
}

const CHANGES = /^(create|alter|insert|update|delete|drop|commit)\b/

/** A pool on MySQL that dies in the middle of what is done over it. */
export function mortalPool(url: string, { at, isDone, die = () => {} }: Death): MysqlPool {
  const pool = createPool({ uri: url, charset: 'utf8mb4', connectionLimit: 1 })
  // mysql2's types leave out what its callbacks are given when all is well.
  const inner = pool as unknown as MysqlPool
  let count = 0
  const mortal = (connection: MysqlClient): MysqlClient => ({
    query(query, answered) {
      if (CHANGES.test(query.sql)) count++
      if (count < at) return connection.query(query, answered)
      const lost = Object.assign(new Error('the pool died'), { code: 'PROTOCOL_CONNECTION_LOST' })
      const last = () => {
        die()
        connection.destroy()
        answered(lost, undefined)
      }
      if (count > at || !isDone) return last()
      count++
      connection.query(query, last)
    },
    release: () => connection.release(),
    destroy: () => connection.destroy(),
  })
  return {
    getConnection: (taken) =>
      inner.getConnection((error, connection) =>
        taken(error, error === null ? mortal(connection) : connection),
      ),
    end: (ended) => inner.end(ended),
  }
}
