import mysql from 'mysql2'
import { expect, test } from 'vitest'
import { statements } from '../testing/database-server.ts'
import { databaseName, testDatabase } from '../testing/databases.ts'
import type { MysqlPool } from './mysql.ts'
import { checkDatabase } from './start-up-check.ts'
import { openStore } from './store.ts'

test('an operator is told what the settings of the database put at risk', async () => {
  // The server of the tests is quick, and would lose everything at a power cut.
  await using database = await testDatabase()
  const store = openStore(database.url)
  const said = (await checkDatabase(store)).join('\n')
  await store.close()
  expect(said).toMatch(
    databaseName() === 'postgres'
      ? /fsync = off: .*\n.*synchronous_commit = off: .*\n.*full_page_writes = off: /
      : /^MySQL runs with innodb_flush_log_at_trx_commit = 0: a crash loses the last messages/,
  )
})

test('a database that cannot keep every text, or would misread one, is refused', async () => {
  await using database = await testDatabase()
  if (databaseName() === 'postgres') {
    const ascii = `${new URL(database.url).pathname.slice(1)}_ascii`
    await statements(
      database.url,
      `create database ${ascii} encoding 'SQL_ASCII' locale 'C' template template0`,
    )
    const store = openStore(database.url.replace(/\/\w+$/, `/${ascii}`))
    await expect(checkDatabase(store)).rejects.toThrow('must have the encoding UTF8')
    return await store.close()
  }
  const pool = mysql.createPool({ uri: database.url, connectionLimit: 1 })
  await pool.promise().query("set session sql_mode = 'NO_BACKSLASH_ESCAPES'")
  const store = openStore(pool as unknown as MysqlPool)
  await expect(checkDatabase(store)).rejects.toThrow('must not have NO_BACKSLASH_ESCAPES')
  await store.close()
  await pool.promise().end()
})
