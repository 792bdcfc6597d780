import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { createTable } from './create-table.ts'
import type { DialectTraits } from './dialect.ts'

/** What several desks on one database need of it. */
export async function createDeskTables(
  db: Kysely<never>,
  prefix: string,
  dialect: DialectTraits,
): Promise<void> {
  const desk = `${prefix}desk`
  await createTable(db, desk, dialect)
    .addColumn('id', dialect.idType, (column) => column.primaryKey().notNull())
    .execute()
  await sql`insert into ${sql.table(desk)} (id) values (${sql.lit(randomUUID())})`.execute(db)

  const notices = `${prefix}notices`
  await createTable(db, notices, dialect)
    .addColumn('id', dialect.idType, (column) => column.primaryKey().notNull())
    .addColumn('event', dialect.contentType, (column) => column.notNull())
    .addColumn('created_at', dialect.timeType, (column) => column.notNull())
    .execute()
  await db.schema.createIndex(`${notices}_created`).on(notices).column('created_at').execute()

  // An embedded database has one desk, which looks for nothing that others changed.
  if (!dialect.rowLocks) return
  const chats = `${prefix}chats`
  await db.schema.createIndex(`${chats}_updated`).on(chats).column('updated_at').execute()
}
