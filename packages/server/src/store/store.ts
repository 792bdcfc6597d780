import { Kysely, sql } from 'kysely'
import { DatabaseClock } from './database-clock.ts'
import { type DialectTraits, MYSQL, POSTGRES, SQLITE } from './dialect.ts'
import { type HostKysely, type Opened, openKysely } from './host-kysely.ts'
import { type MysqlPool, mysqlDialect, mysqlPool, openMysqlPool } from './mysql.ts'
import { MysqlTimes } from './mysql-times.ts'
import { openPostgresPool, type PostgresPool, postgresDialect, postgresPool } from './postgres.ts'
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

/** A database that the host app has opened: a pool, or its Kysely instance on PostgreSQL, MySQL or SQLite. */
export type HostDatabase = DatabasePool | HostKysely

/**
 * Opens the store that a `DATABASE_URL` names, `sqlite:<file>`, `sqlite::memory:`, `postgres://…` or `mysql://…`, or the
 * one of the host, which stays open when the store is closed.
 */
export function openStore(at: string | HostDatabase, options: { prefix?: string | undefined } = {}): Store {
  return store(typeof at === 'string' ? openUrl(at) : openHost(at), options.prefix ?? DEFAULT_PREFIX)
}

function openUrl(url: string): Opened {
  if (/^postgres(ql)?:/.test(url)) {
    const open = async () => postgresPool(await openPostgresPool(url))
    return { traits: POSTGRES, dialect: postgresDialect({ open, isOurs: true }) }
  }
  if (url.startsWith('mysql:')) {
    const open = async () => mysqlPool(await openMysqlPool(url))
    return { traits: MYSQL, dialect: mysqlDialect({ open, isOurs: true }) }
  }
  return { traits: SQLITE, dialect: new NodeSqliteDialect(openSqliteFile(url)) }
}

function openHost(at: HostDatabase): Opened {
  if ('getExecutor' in at) return openKysely(at)
  if ('getConnection' in at) {
    return { traits: MYSQL, dialect: mysqlDialect({ open: async () => mysqlPool(at), isOurs: false }) }
  }
  return { traits: POSTGRES, dialect: postgresDialect({ open: async () => postgresPool(at), isOurs: false }) }
}

function store({ traits, dialect }: Opened, prefix: string): Store {
  const times = traits.name === 'mysql' ? [new MysqlTimes()] : []
  const renaming = prefix === DEFAULT_PREFIX ? [] : [new TablePrefix(prefix)]
  const db = new Kysely<Database>({ dialect, plugins: [...times, ...renaming] })
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
