import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { searchIndex } from '../search/search-index.ts'
import type { Database } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { isTimestamp } from '../store/time.ts'
import { transaction } from '../store/transaction.ts'
import { unhurried } from '../store/unhurried.ts'

type Row = Record<string, unknown>

/** A table as it is copied: by the column that orders it, each row after those that it refers to. */
interface Copied {
  name: string
  key: string
  /** What the database gives by itself. */
  generated: readonly string[]
}

/** Sessions stay behind: on the new database, admins sign in anew. */
const TABLES: readonly Copied[] = [
  { name: 'support_users', key: 'id', generated: [] },
  { name: 'support_chats', key: 'id', generated: ['archived', 'unread'] },
  { name: 'support_messages', key: 'position', generated: ['position'] },
  { name: 'support_notifications', key: 'id', generated: [] },
  { name: 'support_erased_attempts', key: 'hash', generated: [] },
  { name: 'support_mail_suppressions', key: 'address', generated: [] },
  { name: 'support_admins', key: 'id', generated: [] },
  { name: 'support_admin_accounts', key: 'id', generated: [] },
]

/** Rows of one transaction. */
const PAGE = 500

/** What became of one table. */
export interface CopiedTable {
  name: string
  rows: number
  /** SHA-256 over all rows, the same on both sides. */
  checksum: string
}

/** The copy is not what was copied. */
export class CopyError extends Error {
  override readonly name = 'CopyError'
}

/** How many rows there are to copy. */
export async function countRows(store: Store): Promise<number> {
  const { db } = unhurried(store)
  const counts = await Promise.all(TABLES.map(({ name }) => count(db, name)))
  return counts.reduce((sum, one) => sum + one, 0)
}

/**
 * Copies the desk of `source` into `target`, a migrated database that is empty, or goes on where an earlier copy was interrupted, and compares both
 * sides row by row. `told` hears how many rows are there. No desk may be at work on either. Throws CopyError when the two
 * differ.
 */
export async function copyDesk(
  source: Store,
  target: Store,
  told: (rows: number) => void,
): Promise<CopiedTable[]> {
  const [from, to] = [unhurried(source), unhurried(target)]
  let done = 0
  for (const table of TABLES) {
    done += await count(to.db, table.name)
    let last = await resumeAfter(from, to, table)
    for (;;) {
      const rows = await page(from.db, table, last)
      if (rows.length === 0) break
      await insert(to, table, rows)
      last = rows.at(-1)?.[table.key]
      done += rows.length
      told(done)
    }
  }
  const copied: CopiedTable[] = []
  for (const table of TABLES) copied.push(await compare(from, to, table))
  return copied
}

/** The key in `from` of the row that was copied last; undefined where nothing is copied yet. */
async function resumeAfter(from: Store, to: Store, { name, key }: Copied): Promise<unknown> {
  const last = async (db: Kysely<Database>, column: string, where = sql``) => {
    const query = sql<Row>`select * from ${sql.table(name)} ${where} order by ${sql.ref(column)} desc limit 1`
    return (await query.execute(db)).rows[0]
  }
  const copied = await last(to.db, key)
  if (copied === undefined) return undefined
  if (key !== 'position') return copied[key]
  // Positions are given anew: the row is found by its id.
  const origin = await last(from.db, key, sql`where id = ${copied.id}`)
  if (origin === undefined) throw new CopyError(`${name} holds something else than the copy of this desk.`)
  return origin[key]
}

async function page(db: Kysely<Database>, { name, key }: Copied, after: unknown): Promise<Row[]> {
  const rest = after === undefined ? sql`` : sql`where ${sql.ref(key)} > ${after}`
  const query = sql<Row>`select * from ${sql.table(name)} ${rest} order by ${sql.ref(key)} limit ${sql.lit(PAGE)}`
  return (await query.execute(db)).rows
}

async function insert(to: Store, { name, generated }: Copied, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).filter((column) => !generated.includes(column))
  const values = rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column, written(to, column, row[column])])),
  )
  const { rowsPerStatement } = to.dialect
  await transaction(to, async (trx) => {
    // Rows are copied as they are, whatever their table: what columns it has is the schema's business.
    const untyped = trx as unknown as Kysely<Record<string, Row>>
    for (let at = 0; at < values.length; at += rowsPerStatement) {
      const part = values.slice(at, at + rowsPerStatement)
      await untyped.insertInto(name).values(part).execute()
      await index(to, trx, name, part)
    }
  })
}

async function index(to: Store, trx: Kysely<Database>, name: string, rows: readonly Row[]): Promise<void> {
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  if (name === 'support_messages') {
    const messages = rows.map(({ id, content }) => ({ id: String(id), content: String(content) }))
    await searchIndex(to).add(trx, messages)
  }
  if (name === 'support_users') {
    const people = rows.map(({ id, email, name }) => ({
      id: String(id),
      email: text(email),
      name: text(name),
    }))
    await searchIndex(to).addPeople(trx, people)
  }
}

/** A value as this database takes it. */
function written(to: Store, column: string, value: unknown): unknown {
  if (column === 'email_verified')
    return to.dialect.name === 'postgres' ? value === true || value === 1 : Number(value)
  return value
}

async function compare(from: Store, to: Store, table: Copied): Promise<CopiedTable> {
  const [here, there] = await Promise.all([digest(from.db, table), digest(to.db, table)])
  if (here.rows !== there.rows || here.checksum !== there.checksum) {
    throw new CopyError(
      `${table.name} differs: ${here.rows} rows (${here.checksum.slice(0, 12)}) became ${there.rows} (${there.checksum.slice(0, 12)}).`,
    )
  }
  return { name: table.name, ...here }
}

async function digest(db: Kysely<Database>, table: Copied): Promise<Omit<CopiedTable, 'name'>> {
  const hash = createHash('sha256')
  let rows = 0
  for (let last: unknown; ; ) {
    const read = await page(db, table, last)
    if (read.length === 0) return { rows, checksum: hash.digest('hex') }
    for (const row of read) hash.update(canonical(row, table.generated))
    last = read.at(-1)?.[table.key]
    rows += read.length
  }
}

/** A row as text, the same whatever database it comes from. */
function canonical(row: Row, generated: readonly string[]): string {
  const columns = Object.keys(row).filter((column) => !generated.includes(column))
  return JSON.stringify(columns.toSorted().map((column) => [column, comparable(row[column])]))
}

function comparable(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value !== 'string') return value
  // The auth library writes milliseconds.
  const precise = value.replace(/Z$/, '000Z')
  return isTimestamp(precise) ? precise : value
}

async function count(db: Kysely<Database>, name: string): Promise<number> {
  const { rows } = await sql<{
    count: number | string
  }>`select count(*) as count from ${sql.table(name)}`.execute(db)
  return Number(rows[0]?.count)
}
