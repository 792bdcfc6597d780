import { expect, test } from 'vitest'
import { testDatabase } from '../testing/databases.ts'
import { migrate, migrationStatus } from './migrations.ts'
import { openStore, type Store } from './store.ts'

/** The columns of all tables, by table and name. */
async function columnsOf(store: Store) {
  const tables = await store.db.introspection.getTables()
  return new Map(
    tables.flatMap((table) =>
      table.columns.map((column) => [`${table.name}.${column.name}`, column] as const),
    ),
  )
}

test('a desk that is one migration behind goes on beside the one that migrated', async () => {
  await using database = await testDatabase()
  const store = openStore(database.url)
  const [first, ...later] = (await migrationStatus(store)).map(({ name }) => name)
  await migrate(store, first)
  for (const name of later) {
    const before = await columnsOf(store)
    await migrate(store, name)
    const after = await columnsOf(store)
    const tables = new Set([...before.keys()].map((column) => column.split('.')[0]))
    for (const [column, known] of before) expect(after.get(column), `${name} keeps ${column}`).toEqual(known)
    for (const [column, { isNullable, hasDefaultValue, isAutoIncrementing }] of after) {
      // The older desk inserts rows without it.
      if (before.has(column) || !tables.has(column.split('.')[0])) continue
      expect(isNullable || hasDefaultValue || isAutoIncrementing, `${name} needs no ${column}`).toBe(true)
    }
  }
  await store.close()
})
