import type { Kysely } from 'kysely'
import { createTable } from '../store/create-table.ts'
import type { DialectTraits } from '../store/dialect.ts'

/** The tables of this room: the outbox with its decisions, and the addresses that refuse mail. */
export async function createMailTables(
  db: Kysely<never>,
  prefix: string,
  dialect: DialectTraits,
): Promise<void> {
  const { idType, countType, timeType } = dialect
  const notifications = `${prefix}notifications`
  await db.schema.alterTable(`${prefix}users`).addColumn('locale', 'varchar(35)').execute()

  await createTable(db, notifications, dialect)
    .addColumn('id', idType, (column) => column.primaryKey().notNull())
    .addColumn('chat_id', idType, (column) => column.notNull())
    .addForeignKeyConstraint(`${notifications}_chat_id`, ['chat_id'], `${prefix}chats`, ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .addColumn('pending_chat_id', idType, (column) => column.unique())
    .addColumn('state', 'varchar(8)', (column) => column.notNull())
    .addColumn('reason', 'varchar(16)')
    .addColumn('detail', 'varchar(500)')
    .addColumn('from_seq', countType, (column) => column.notNull())
    .addColumn('through_seq', countType, (column) => column.notNull())
    .addColumn('due_at', timeType, (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('lease', 'varchar(36)')
    .addColumn('leased_until', timeType)
    .addColumn('address', 'varchar(254)')
    .addColumn('created_at', timeType, (column) => column.notNull())
    .addColumn('decided_at', timeType)
    .execute()

  await createTable(db, `${prefix}mail_suppressions`, dialect)
    .addColumn('address', 'varchar(254)', (column) => column.primaryKey().notNull())
    .addColumn('detail', 'varchar(500)', (column) => column.notNull())
    .addColumn('created_at', timeType, (column) => column.notNull())
    .execute()

  const index = (name: string, columns: string[]) =>
    db.schema.createIndex(`${notifications}_${name}`).on(notifications).columns(columns).execute()
  await index('due', ['state', 'due_at'])
  await index('chat', ['chat_id', 'from_seq'])
  await index('address', ['address', 'decided_at'])
}
