import type { Kysely } from 'kysely'
import type { DialectTraits } from './dialect.ts'

/** Begins a table as this database should keep it; a tool of the migrations. */
export function createTable(db: Kysely<never>, name: string, { tableEnd }: DialectTraits) {
  return db.schema.createTable(name).modifyEnd(tableEnd)
}
