import mysql from 'mysql2'
import { afterEach, expect } from 'vitest'
import { refusalsOf } from './mysql8-judge.ts'

// MariaDB does what MySQL 8 would refuse: a test that sends such a statement over any pool fails.
const sent = sentOverPools()

afterEach(async () => {
  const statements = [...sent]
  sent.clear()
  expect(await refusalsOf(statements), 'MySQL 8 refuses').toEqual([])
})

/** The statements of this file's pools: what a test itself asks of the server comes over no pool. */
function sentOverPools(): Set<string> {
  const sent = new Set<string>()
  const connection: { query(query: string | { sql: string }, ...more: unknown[]): unknown } =
    mysql.PoolConnection.prototype
  const { query } = connection
  connection.query = function (asked, ...more) {
    sent.add(typeof asked === 'string' ? asked : asked.sql)
    return query.call(this, asked, ...more)
  }
  return sent
}
