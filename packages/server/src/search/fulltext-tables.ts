import { type Kysely, sql } from 'kysely'
import { createTable } from '../store/create-table.ts'
import type { DialectTraits } from '../store/dialect.ts'

/** Creates the tables of MySQL's full-text index, which hold words only; a step of the migrations. */
export async function createFulltextTables(
  db: Kysely<never>,
  prefix: string,
  dialect: DialectTraits,
): Promise<void> {
  const [messages, users] = [`${prefix}messages`, `${prefix}users`]
  const words = sql`mediumtext character set ascii collate ascii_bin`
  await db.schema
    .alterTable(messages)
    .addColumn('position', 'bigint', (column) => column.notNull().autoIncrement().unique())
    .execute()
  await createTable(db, `${prefix}message_words`, dialect)
    .addColumn('position', 'bigint', (column) => column.primaryKey().notNull())
    .addColumn('words', words, (column) => column.notNull())
    .addForeignKeyConstraint(`${prefix}message_words_of`, ['position'], messages, ['position'], (key) =>
      key.onDelete('cascade'),
    )
    .execute()
  await createTable(db, `${prefix}user_words`, dialect)
    .addColumn('number', 'bigint', (column) => column.primaryKey().notNull().autoIncrement())
    .addColumn('user_id', dialect.idType, (column) => column.notNull().unique())
    .addColumn('words', words, (column) => column.notNull())
    .addForeignKeyConstraint(`${prefix}user_words_of`, ['user_id'], users, ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .execute()
  for (const table of [`${prefix}message_words`, `${prefix}user_words`]) {
    await sql`create fulltext index ${sql.id(`${table}_words`)} on ${sql.table(table)} (words)`.execute(db)
  }
}
