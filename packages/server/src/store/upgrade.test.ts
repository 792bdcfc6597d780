import { expect, test } from 'vitest'
import { deskDatabase } from '../testing/databases.ts'
import { migrate, migrationStatus } from './migrations.ts'
import { openStore, type Store } from './store.ts'

/** The columns of each table that is there, and which of them a row may be written without. */
async function columns({ db }: Store) {
  const tables = await db.introspection.getTables()
  return new Map(
    tables.flatMap(({ name, columns }) =>
      columns.map((one) => [
        `${name}.${one.name}`,
        { table: name, isOptional: one.isNullable || one.hasDefaultValue || one.isAutoIncrementing },
      ]),
    ),
  )
}

test('every migration leaves an older desk all its columns, and asks it for none that it does not know', async () => {
  await using database = await deskDatabase()
  const store = openStore(database.url)
  try {
    const names = (await migrationStatus(store)).map(({ name }) => name)
    let before = new Map() as Awaited<ReturnType<typeof columns>>
    for (const name of names) {
      await migrate(store, name)
      const after = await columns(store)
      const tables = new Set([...before.values()].map(({ table }) => table))
      expect([...before.keys()].filter((column) => !after.has(column))).toEqual([])
      const asked = [...after].filter(([column, { table, isOptional }]) => {
        return tables.has(table) && !before.has(column) && !isOptional
      })
      expect(asked).toEqual([])
      before = after
    }
    expect(names.length).toBeGreaterThan(5)
  } finally {
    await store.close()
  }
})
