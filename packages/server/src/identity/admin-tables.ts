import type { Kysely } from 'kysely'
import { createTable } from '../store/create-table.ts'
import type { DialectTraits } from '../store/dialect.ts'

/** The tables of the dashboard's sign-in, by the names of the auth library's models. */
export const ADMIN_TABLES = {
  user: 'support_admins',
  session: 'support_admin_sessions',
  account: 'support_admin_accounts',
  verification: 'support_admin_verifications',
} as const

/** Creates the tables that the dashboard's sign-in needs; a step of the migrations. */
export async function createAdminTables(
  db: Kysely<never>,
  prefix: string,
  dialect: DialectTraits,
): Promise<void> {
  const { idType, timeType, contentType } = dialect
  const admins = `${prefix}admins`

  await createTable(db, admins, dialect)
    .addColumn('id', idType, (column) => column.primaryKey().notNull())
    .addColumn('name', 'varchar(200)', (column) => column.notNull())
    .addColumn('email', 'varchar(254)', (column) => column.notNull().unique())
    .addColumn('email_verified', 'boolean', (column) => column.notNull())
    .addColumn('image', contentType)
    .addColumn('created_at', timeType, (column) => column.notNull())
    .addColumn('updated_at', timeType, (column) => column.notNull())
    .execute()

  await createTable(db, `${prefix}admin_sessions`, dialect)
    .addColumn('id', idType, (column) => column.primaryKey().notNull())
    .addColumn('user_id', idType, (column) => column.notNull())
    .addForeignKeyConstraint(`${prefix}admin_sessions_admin`, ['user_id'], admins, ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .addColumn('token', 'varchar(191)', (column) => column.notNull().unique())
    .addColumn('expires_at', timeType, (column) => column.notNull())
    .addColumn('ip_address', 'varchar(64)')
    .addColumn('user_agent', contentType)
    .addColumn('created_at', timeType, (column) => column.notNull())
    .addColumn('updated_at', timeType, (column) => column.notNull())
    .execute()

  await createTable(db, `${prefix}admin_accounts`, dialect)
    .addColumn('id', idType, (column) => column.primaryKey().notNull())
    .addColumn('user_id', idType, (column) => column.notNull())
    .addForeignKeyConstraint(`${prefix}admin_accounts_admin`, ['user_id'], admins, ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .addColumn('account_id', idType, (column) => column.notNull())
    .addColumn('provider_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('access_token', contentType)
    .addColumn('refresh_token', contentType)
    .addColumn('id_token', contentType)
    .addColumn('access_token_expires_at', timeType)
    .addColumn('refresh_token_expires_at', timeType)
    .addColumn('scope', contentType)
    .addColumn('password', contentType)
    .addColumn('created_at', timeType, (column) => column.notNull())
    .addColumn('updated_at', timeType, (column) => column.notNull())
    .execute()

  await createTable(db, `${prefix}admin_verifications`, dialect)
    .addColumn('id', idType, (column) => column.primaryKey().notNull())
    .addColumn('identifier', 'varchar(191)', (column) => column.notNull())
    .addColumn('value', contentType, (column) => column.notNull())
    .addColumn('expires_at', timeType, (column) => column.notNull())
    .addColumn('created_at', timeType, (column) => column.notNull())
    .addColumn('updated_at', timeType, (column) => column.notNull())
    .execute()

  const index = (table: string, column: string) =>
    db.schema.createIndex(`${prefix}${table}_${column}`).on(`${prefix}${table}`).column(column).execute()
  await index('admin_sessions', 'user_id')
  await index('admin_accounts', 'user_id')
  await index('admin_verifications', 'identifier')
}
