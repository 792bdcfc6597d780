import { sql } from 'kysely'
import type { Store } from './store.ts'
import { isTimestamp } from './time.ts'

/**
 * Looks at how the database is set and says what may be lost with it, a sentence each. Throws for what a desk cannot
 * work with at all.
 */
export async function checkDatabase(store: Store): Promise<string[]> {
  switch (store.dialect.name) {
    case 'sqlite':
      return await checkSqlite(store)
    case 'postgres':
      return await checkPostgres(store)
    case 'mysql':
      return await checkMysql(store)
  }
}

async function checkSqlite({ db }: Store): Promise<string[]> {
  const pragma = async (name: string) =>
    Number(Object.values((await sql<object>`pragma ${sql.raw(name)}`.execute(db)).rows[0] ?? {})[0])
  try {
    await sql`select deskbell_words('')`.execute(db)
  } catch (cause) {
    throw new Error('A SQLite connection must be readied for a desk: prepareSqlite(database).', { cause })
  }
  if ((await pragma('foreign_keys')) !== 1) throw new Error('SQLite must run with foreign_keys = on.')
  if ((await pragma('synchronous')) >= FULL) return []
  return [
    'SQLite does not run with synchronous = full: a power cut loses the last messages that senders saw as sent.',
  ]
}

/** Of SQLite's `synchronous`. */
const FULL = 2

async function checkPostgres({ db }: Store): Promise<string[]> {
  const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'server_encoding', 'server_version_num']
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name in (${sql.join(names)})`.execute(db)
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]))
  if (Number(settings.get('server_version_num')) < 120_000)
    throw new Error('PostgreSQL 12 or newer is needed.')
  if (settings.get('server_encoding') !== 'UTF8') {
    throw new Error(
      `The database must have the encoding UTF8, this one has ${settings.get('server_encoding')}.`,
    )
  }
  return [
    settings.get('fsync') === 'off' &&
      'PostgreSQL runs with fsync = off: a power cut may destroy the whole database.',
    settings.get('synchronous_commit') === 'off' &&
      'PostgreSQL runs with synchronous_commit = off: a crash loses the last messages that senders saw as sent.',
    settings.get('full_page_writes') === 'off' &&
      'PostgreSQL runs with full_page_writes = off: a power cut may damage messages that were stored long ago.',
  ].filter((warning) => warning !== false)
}

async function checkMysql({ db }: Store): Promise<string[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select @@version as version, @@innodb_flush_log_at_trx_commit as flushed, @@sync_binlog as synced,
      cast('2026-01-29 10:00:00.123456' as datetime(6)) as created_at, @@log_bin as logs, @@binlog_format as format, @@sql_mode as mode`.execute(
    db,
  )
  const [{ created_at: time, version, flushed, synced, logs, format, mode } = {}] = rows
  refuseOldMysql(String(version))
  if (!isTimestamp(time)) throw new Error('A Kysely instance on mysql2 needs a pool with dateStrings: true.')
  // mysql2 writes values into the statement, with backslashes before what would end them.
  if (String(mode).includes('NO_BACKSLASH_ESCAPES'))
    throw new Error('sql_mode must not have NO_BACKSLASH_ESCAPES.')
  const isLogged = Number(logs) === 1
  if (isLogged && format === 'STATEMENT') throw new Error('binlog_format must be ROW or MIXED.')
  return [
    Number(flushed) !== 1 &&
      `MySQL runs with innodb_flush_log_at_trx_commit = ${flushed}: a crash loses the last messages that senders saw as sent.`,
    isLogged &&
      Number(synced) !== 1 &&
      `MySQL runs with sync_binlog = ${synced}: after a power cut, replicas and backups may lack the last messages.`,
    !/STRICT_(ALL|TRANS)_TABLES/.test(String(mode)) &&
      'MySQL runs without a strict sql_mode: what is too long is cut instead of refused.',
  ].filter((warning) => warning !== false)
}

function refuseOldMysql(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isMariadb = /mariadb/i.test(version)
  const isOld = isMariadb ? major < 10 || (major === 10 && minor < 6) : major < 8
  if (isOld) throw new Error(`MySQL 8 or MariaDB 10.6 or newer is needed, this is ${version}.`)
}
