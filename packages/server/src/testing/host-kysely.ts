import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { type Dialect, Kysely, type KyselyPlugin, MysqlDialect, PostgresDialect, SqliteDialect } from 'kysely'
import mysql from 'mysql2'
import pg from 'pg'
import { prepareSqlite } from '../store/sqlite-file.ts'

/** A Kysely instance of a host app on one of the tests' databases, as a host would make it. */
export function hostKysely<DB>(url: string, plugins: KyselyPlugin[] = []): Kysely<DB> {
  return new Kysely<DB>({ dialect: dialectFor(url), plugins })
}

function dialectFor(url: string): Dialect {
  if (url.startsWith('sqlite:')) {
    const database = new DatabaseSync(url.slice('sqlite:'.length))
    prepareSqlite(database)
    return nodeSqliteDialect(database)
  }
  if (url.startsWith('postgres:')) {
    return new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 10 }) })
  }
  const pool = mysql.createPool({ uri: url, charset: 'utf8mb4', dateStrings: true, connectionLimit: 10 })
  return new MysqlDialect({ pool })
}

/** Kysely's own dialect for SQLite, which asks for what `better-sqlite3` has. */
export function nodeSqliteDialect(database: DatabaseSync): SqliteDialect {
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(text) {
        const statement = database.prepare(text)
        const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => statement.all(...values(parameters)),
          run: (parameters) => statement.run(...values(parameters)),
          iterate: (parameters) => statement.iterate(...values(parameters)),
        }
      },
    },
  })
}
