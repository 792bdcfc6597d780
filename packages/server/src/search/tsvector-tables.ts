import { type Kysely, sql } from 'kysely'
import { createTable } from '../store/create-table.ts'
import type { DialectTraits } from '../store/dialect.ts'

/** Creates the tables of PostgreSQL's full-text index, which hold words only; a step of the migrations. */
export async function createTsvectorTables(
  db: Kysely<never>,
  prefix: string,
  dialect: DialectTraits,
): Promise<void> {
  const [messages, users] = [`${prefix}messages`, `${prefix}users`]
  const identity = sql`bigint generated always as identity`
  await db.schema
    .alterTable(messages)
    .addColumn('position', identity, (column) => column.unique())
    .execute()
  await createTable(db, `${prefix}message_words`, dialect)
    .addColumn('position', 'bigint', (column) =>
      column.primaryKey().notNull().references(`${messages}.position`).onDelete('cascade'),
    )
    .addColumn('words', sql`tsvector`, (column) => column.notNull())
    .execute()
  await createTable(db, `${prefix}user_words`, dialect)
    .addColumn('number', identity, (column) => column.primaryKey())
    .addColumn('user_id', dialect.idType, (column) =>
      column.notNull().unique().references(`${users}.id`).onDelete('cascade'),
    )
    .addColumn('words', sql`tsvector`, (column) => column.notNull())
    .execute()
  for (const table of [`${prefix}message_words`, `${prefix}user_words`]) {
    await db.schema.createIndex(`${table}_words`).on(table).using('gin').column('words').execute()
  }
}
