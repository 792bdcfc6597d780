import { type Kysely, sql } from 'kysely'
import { createAdminTables } from '../identity/admin-tables.ts'
import { createMailTables } from '../notifications/tables.ts'
import { createFts5Tables } from '../search/fts5-tables.ts'
import type { DialectTraits } from './dialect.ts'
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
]

/** Brings the schema up to date, or as far as `last`, and tells which migrations that took, oldest first. Safe to repeat. */
export async function migrate(store: Store, last = MIGRATIONS.at(-1)?.name ?? ''): Promise<string[]> {
  const ledger = `${store.prefix}migrations`
  return await store.db.transaction().execute(async (trx) => {
    const db = trx as unknown as Kysely<never>
    await db.schema
      .createTable(ledger)
      .ifNotExists()
      .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('applied_at', 'varchar(32)', (column) => column.notNull())
      .execute()
    const applied = await sql<{ name: string }>`select name from ${sql.table(ledger)}`.execute(db)
    const known = new Set(applied.rows.map((row) => row.name))
    const pending = MIGRATIONS.filter((migration) => !known.has(migration.name) && migration.name <= last)
    for (const migration of pending) {
      await migration.up(db, store.prefix, store.dialect)
      const at = new Date().toISOString()
      await sql`insert into ${sql.table(ledger)} (name, applied_at) values (${migration.name}, ${at})`.execute(
        db,
      )
    }
    return pending.map((migration) => migration.name)
  })
}

async function createChats(db: Kysely<never>, prefix: string, dialect: DialectTraits): Promise<void> {
  const { idType, timeType, contentType } = dialect
  const named = (name: string) => prefix + name

  await db.schema
    .createTable(named('users'))
    .addColumn('id', idType, (column) => column.primaryKey().notNull())
    .addColumn('external_id', idType, (column) => column.notNull().unique())
    .addColumn('email', 'varchar(254)')
    .addColumn('name', 'varchar(200)')
    .addColumn('unsubscribed_at', timeType)
    .addColumn('created_at', timeType, (column) => column.notNull())
    .addColumn('updated_at', timeType, (column) => column.notNull())
    .execute()

  await db.schema
    .createTable(named('chats'))
    .addColumn('id', idType, (column) => column.primaryKey().notNull())
    .addColumn('user_id', idType, (column) =>
      column
        .notNull()
        .unique()
        .references(`${named('users')}.id`)
        .onDelete('cascade'),
    )
    .addColumn('last_message_at', timeType)
    .addColumn('admin_viewed_at', timeType)
    .addColumn('archived_at', timeType)
    .addColumn('archived', 'integer', (column) =>
      column.generatedAlwaysAs(sql`case when archived_at is null then 0 else 1 end`).stored(),
    )
    .addColumn('last_seq', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('last_user_seq', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('admin_viewed_seq', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('user_read_seq', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('last_message_preview', 'varchar(200)')
    .addColumn('last_message_sender', 'varchar(8)')
    .addColumn('created_at', timeType, (column) => column.notNull())
    .addColumn('updated_at', timeType, (column) => column.notNull())
    .execute()

  await db.schema
    .createTable(named('messages'))
    .addColumn('id', idType, (column) => column.primaryKey().notNull())
    .addColumn('chat_id', idType, (column) =>
      column
        .notNull()
        .references(`${named('chats')}.id`)
        .onDelete('cascade'),
    )
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('client_id', idType)
    .addColumn('content', contentType, (column) => column.notNull())
    .addColumn('sender_type', 'varchar(8)', (column) => column.notNull())
    .addColumn('sender_id', idType, (column) => column.notNull())
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
  { timeType }: DialectTraits,
): Promise<void> {
  await db.schema
    .createTable(`${prefix}erased_attempts`)
    .addColumn('hash', 'varchar(64)', (column) => column.primaryKey().notNull())
    .addColumn('erased_at', timeType, (column) => column.notNull())
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
  }
}
