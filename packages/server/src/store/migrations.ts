import { type Kysely, sql } from 'kysely'
import { createAdminTables } from '../identity/admin-tables.ts'
import { createMailTables } from '../notifications/tables.ts'
import { createFts5Tables } from '../search/fts5-tables.ts'
import { createFulltextTables } from '../search/fulltext-tables.ts'
import { createTsvectorTables } from '../search/tsvector-tables.ts'
import { createTable } from './create-table.ts'
import { createDeskTables } from './desk-tables.ts'
import type { DialectTraits } from './dialect.ts'
import { recorder } from './recorder.ts'
import { alone } from './schema-lock.ts'
import { applyStepwise, noteMigration } from './stepwise.ts'
import type { Store } from './store.ts'

interface Migration {
  name: string
  up(db: Kysely<never>, prefix: string, dialect: DialectTraits): Promise<void>
}

/** Once released, a migration is never edited: another one follows it. */
const MIGRATIONS: Migration[] = [
  { name: '0001_chats', up: createChats },
  { name: '0002_admins', up: createAdminTables },
  { name: '0003_erasure', up: createErasedAttempts },
  { name: '0004_traits', up: addTraits },
  { name: '0005_search', up: createSearchIndex },
  { name: '0006_mail', up: createMailTables },
  { name: '0007_unread', up: addUnread },
  { name: '0008_desks', up: createDeskTables },
]

/** A migration and when it was applied; null for one that is to come. */
export interface MigrationStatus {
  name: string
  appliedAt: string | null
}

/** Brings the schema up to date, or as far as `last`, and tells which migrations that took, oldest first. Safe to repeat. */
export async function migrate(store: Store, last = MIGRATIONS.at(-1)?.name ?? ''): Promise<string[]> {
  return await alone(store, async (db) => {
    await createLedger(db, store).ifNotExists().execute()
    const status = await readLedger(db, store)
    const pending = pendingIn(status).filter(({ name }) => name <= last)
    for (const migration of pending) await apply(db, store, migration)
    return pending.map(({ name }) => name)
  })
}

async function apply(db: Kysely<never>, store: Store, { name, up }: Migration): Promise<void> {
  const { prefix, dialect } = store
  if (dialect.schemaChangesCommit) {
    return await applyStepwise(db, ledgerName(store), name, await statementsOf(store, up))
  }
  await up(db, prefix, dialect)
  await noteMigration(db, ledgerName(store), name)
}

async function statementsOf({ prefix, dialect }: Store, up: Migration['up']): Promise<readonly string[]> {
  const { db, statements } = recorder(dialect)
  await up(db, prefix, dialect)
  return statements
}

/** All migrations, oldest first. */
export async function migrationStatus(store: Store): Promise<MigrationStatus[]> {
  const tables = await store.db.introspection.getTables()
  const isThere = tables.some(({ name }) => name === ledgerName(store))
  if (!isThere) return MIGRATIONS.map(({ name }) => ({ name, appliedAt: null }))
  return await readLedger(store.db, store)
}

/** The statements of the migrations that are to come, for someone who applies them by hand. */
export async function pendingSql(store: Store): Promise<string[]> {
  const status = await migrationStatus(store)
  const { db, statements } = recorder(store.dialect)
  if (status.every(({ appliedAt }) => appliedAt === null)) await createLedger(db, store).execute()
  for (const { name, up } of pendingIn(status)) {
    await up(db, store.prefix, store.dialect)
    const at = new Date().toISOString()
    await sql`insert into ${ledger(store)} (name, applied_at) values (${sql.lit(name)}, ${sql.lit(at)})`.execute(
      db,
    )
  }
  return statements
}

function createLedger(db: Kysely<never>, store: Store) {
  return createTable(db, ledgerName(store), store.dialect)
    .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('applied_at', 'varchar(32)', (column) => column.notNull())
}

async function readLedger<DB>(db: Kysely<DB>, store: Store): Promise<MigrationStatus[]> {
  const query = sql<{ name: string; applied_at: string }>`select name, applied_at from ${ledger(store)}`
  const { rows } = await query.execute(db)
  const applied = new Map(rows.map(({ name, applied_at }) => [name, applied_at]))
  return MIGRATIONS.map(({ name }) => ({ name, appliedAt: applied.get(name) ?? null }))
}

function pendingIn(status: readonly MigrationStatus[]): Migration[] {
  return MIGRATIONS.filter((_, index) => status[index]?.appliedAt === null)
}

const ledgerName = ({ prefix }: Store) => `${prefix}migrations`
const ledger = (store: Store) => sql.table(ledgerName(store))

async function createChats(db: Kysely<never>, prefix: string, dialect: DialectTraits): Promise<void> {
  const { idType, keyType, countType, timeType, contentType } = dialect
  const named = (name: string) => prefix + name

  await createTable(db, named('users'), dialect)
    .addColumn('id', idType, (column) => column.primaryKey().notNull())
    .addColumn('external_id', keyType, (column) => column.notNull().unique())
    .addColumn('email', 'varchar(254)')
    .addColumn('name', 'varchar(200)')
    .addColumn('unsubscribed_at', timeType)
    .addColumn('created_at', timeType, (column) => column.notNull())
    .addColumn('updated_at', timeType, (column) => column.notNull())
    .execute()

  await createTable(db, named('chats'), dialect)
    .addColumn('id', idType, (column) => column.primaryKey().notNull())
    .addColumn('user_id', idType, (column) => column.notNull().unique())
    .addForeignKeyConstraint(named('chats_user'), ['user_id'], named('users'), ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .addColumn('last_message_at', timeType)
    .addColumn('admin_viewed_at', timeType)
    .addColumn('archived_at', timeType)
    .addColumn('archived', 'integer', (column) =>
      column.generatedAlwaysAs(sql`case when archived_at is null then 0 else 1 end`).stored(),
    )
    .addColumn('last_seq', countType, (column) => column.notNull().defaultTo(0))
    .addColumn('last_user_seq', countType, (column) => column.notNull().defaultTo(0))
    .addColumn('admin_viewed_seq', countType, (column) => column.notNull().defaultTo(0))
    .addColumn('user_read_seq', countType, (column) => column.notNull().defaultTo(0))
    .addColumn('last_message_preview', 'varchar(200)')
    .addColumn('last_message_sender', 'varchar(8)')
    .addColumn('created_at', timeType, (column) => column.notNull())
    .addColumn('updated_at', timeType, (column) => column.notNull())
    .execute()

  await createTable(db, named('messages'), dialect)
    .addColumn('id', idType, (column) => column.primaryKey().notNull())
    .addColumn('chat_id', idType, (column) => column.notNull())
    .addForeignKeyConstraint(named('messages_chat'), ['chat_id'], named('chats'), ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .addColumn('seq', countType, (column) => column.notNull())
    .addColumn('client_id', keyType)
    .addColumn('content', contentType, (column) => column.notNull())
    .addColumn('sender_type', 'varchar(8)', (column) => column.notNull())
    .addColumn('sender_id', keyType, (column) => column.notNull())
    .addColumn('sender_name', 'varchar(200)')
    .addColumn('read_at', timeType)
    .addColumn('created_at', timeType, (column) => column.notNull())
    .addColumn('updated_at', timeType, (column) => column.notNull())
    .execute()

  const index = (table: string, name: string, columns: string[]) =>
    db.schema.createIndex(named(name)).on(named(table)).columns(columns)
  await index('chats', 'chats_list', ['archived', 'last_message_at', 'id']).execute()
  await index('messages', 'messages_seq', ['chat_id', 'seq']).unique().execute()
  // client_id first: a batch finds its repeats by their client ids, whatever chats they are in.
  await index('messages', 'messages_client', ['client_id', 'chat_id', 'sender_type', 'sender_id'])
    .unique()
    .execute()
}

async function createErasedAttempts(
  db: Kysely<never>,
  prefix: string,
  dialect: DialectTraits,
): Promise<void> {
  await createTable(db, `${prefix}erased_attempts`, dialect)
    .addColumn('hash', 'varchar(64)', (column) => column.primaryKey().notNull())
    .addColumn('erased_at', dialect.timeType, (column) => column.notNull())
    .execute()
}

async function addTraits(db: Kysely<never>, prefix: string, { contentType }: DialectTraits): Promise<void> {
  await db.schema.alterTable(`${prefix}users`).addColumn('traits', contentType).execute()
}

async function addUnread(db: Kysely<never>, prefix: string, dialect: DialectTraits): Promise<void> {
  const chats = `${prefix}chats`
  await db.schema
    .alterTable(chats)
    .addColumn('unread', 'integer', (column) => {
      const computed = column.generatedAlwaysAs(
        sql`case when last_user_seq > admin_viewed_seq then 1 else 0 end`,
      )
      return dialect.storesAddedColumns ? computed.stored() : computed
    })
    .execute()
  await db.schema.createIndex(`${chats}_unread`).on(chats).columns(['archived', 'unread']).execute()
}

async function createSearchIndex(db: Kysely<never>, prefix: string, dialect: DialectTraits): Promise<void> {
  switch (dialect.fullText) {
    case 'fts5':
      return await createFts5Tables(db, prefix)
    case 'tsvector':
      return await createTsvectorTables(db, prefix, dialect)
    case 'fulltext':
      return await createFulltextTables(db, prefix, dialect)
  }
}
