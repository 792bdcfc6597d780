import { type Dialect, Kysely, type KyselyPlugin, sql } from 'kysely'
import { DatabaseClock } from './database-clock.ts'
import { type DialectTraits, MYSQL, POSTGRES, SQLITE } from './dialect.ts'
import { type MysqlPool, mysqlDialect, openMysqlPool } from './mysql.ts'
import { MysqlTimes } from './mysql-times.ts'
import { openPostgresPool, type PostgresPool, postgresDialect } from './postgres.ts'
import { TablePrefix } from './prefix.ts'
import { type Database, DEFAULT_PREFIX } from './schema.ts'
import { NodeSqliteDialect } from './sqlite.ts'
import { openSqliteFile } from './sqlite-file.ts'

/** The desk's database: one typed set of queries, and what its dialect can and cannot do. */
export interface Store {
  readonly db: Kysely<Database>
  readonly dialect: DialectTraits
  readonly prefix: string
  /** The time of the database: the same for all desks that share it. */
  readonly clock: DatabaseClock
  /** Throws when the database cannot be reached. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** A pool of the host app on the database that the desk is to use: of the package `pg`, or of `mysql2`. */
export type DatabasePool = PostgresPool | MysqlPool

/**
 * Opens the store that a `DATABASE_URL` names, `sqlite:<file>`, `sqlite::memory:`, `postgres://…` or `mysql://…`, or the
 * one behind a pool, which stays open when the store is closed.
 */
export function openStore(at: string | DatabasePool, options: { prefix?: string | undefined } = {}): Store {
  const prefix = options.prefix ?? DEFAULT_PREFIX
  if (typeof at === 'string') return openUrl(at, prefix)
  if ('getConnection' in at) return openMysql(async () => at, { isOurs: false, prefix })
  return openPostgres(async () => at, { isOurs: false, prefix })
}

function openUrl(url: string, prefix: string): Store {
  if (/^postgres(ql)?:/.test(url)) {
    return openPostgres(() => openPostgresPool(url), { isOurs: true, prefix })
  }
  if (url.startsWith('mysql:')) return openMysql(() => openMysqlPool(url), { isOurs: true, prefix })
  return store(SQLITE, new NodeSqliteDialect(openSqliteFile(url)), [], prefix)
}

interface Opening {
  isOurs: boolean
  prefix: string
}

function openPostgres(open: () => Promise<PostgresPool>, { isOurs, prefix }: Opening): Store {
  return store(POSTGRES, postgresDialect(open, isOurs), [], prefix)
}

function openMysql(open: () => Promise<MysqlPool>, { isOurs, prefix }: Opening): Store {
  return store(MYSQL, mysqlDialect(open, isOurs), [new MysqlTimes()], prefix)
}

function store(traits: DialectTraits, dialect: Dialect, plugins: KyselyPlugin[], prefix: string): Store {
  const renaming = prefix === DEFAULT_PREFIX ? [] : [new TablePrefix(prefix)]
  const db = new Kysely<Database>({ dialect, plugins: [...plugins, ...renaming] })
  const clock = new DatabaseClock(db, traits)
  return {
    db,
    dialect: traits,
    prefix,
    clock,
    ping: async () => void (await sql`select 1`.execute(db)),
    async close() {
      clock.stop()
      await db.destroy()
    },
  }
}
