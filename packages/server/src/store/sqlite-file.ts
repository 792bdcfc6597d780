import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { indexText } from '../search/words.ts'

/** SQLite before this release can corrupt a WAL database when its log is reset at an unlucky moment. */
const MIN_SQLITE = [3, 51, 3] as const

/** Opens the database file of `sqlite:<file>`, or one in memory for `sqlite::memory:`, so that it loses nothing. */
export function openSqliteFile(url: string): DatabaseSync {
  const file = sqliteFile(url)
  if (file !== ':memory:') mkdirSync(dirname(resolve(file)), { recursive: true })
  const database = new DatabaseSync(file, { timeout: 5000 })
  try {
    assertSafeVersion(database)
    prepareSqlite(database)
    // 64 MB of pages and a log of up to 32 MB before it is folded in: both take disk work out of busy moments.
    database.exec('pragma cache_size = -65536; pragma wal_autocheckpoint = 8000')
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

/** What a desk needs of a connection to SQLite; both `node:sqlite` and `better-sqlite3` have it. */
interface SqliteConnection {
  exec(sql: string): unknown
  function(
    name: string,
    options: { deterministic: boolean },
    compute: (value: unknown) => string | null,
  ): unknown
}

/**
 * Readies a connection of the host's own for a desk: durable settings (WAL with synchronous = FULL), foreign keys, and the
 * function that its search index calls. To be called before `createDesk({ database })` with a Kysely instance on SQLite.
 */
export function prepareSqlite(database: SqliteConnection): void {
  // FULL, because NORMAL in WAL mode may lose acknowledged commits at a power loss.
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  // On macOS an fsync alone does not reach the disk's own cache.
  database.exec('pragma fullfsync = on; pragma checkpoint_fullfsync = on')
  // Deleted rows are overwritten with zeros: an erased user's words are not to be found in the file.
  database.exec('pragma secure_delete = on')
  // For the search index: it divides no text by itself that has no spaces between its words.
  database.function('deskbell_words', { deterministic: true }, (text) =>
    typeof text === 'string' ? indexText(text) : null,
  )
}

function sqliteFile(url: string): string {
  if (!url.startsWith('sqlite:'))
    throw new Error('DATABASE_URL must be sqlite:<file>, postgres://… or mysql://…')
  const file = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '')
  if (file === '') throw new Error('DATABASE_URL must name a file after "sqlite:"')
  return file
}

function assertSafeVersion(database: DatabaseSync): void {
  const version = String(database.prepare('select sqlite_version() as version').get()?.version)
  const parts = version.split('.').map(Number)
  for (const [index, least] of MIN_SQLITE.entries()) {
    const part = parts[index] ?? 0
    if (part > least) return
    if (part < least) {
      throw new Error(`SQLite ${MIN_SQLITE.join('.')} or newer is needed, this Node.js has ${version}`)
    }
  }
}
