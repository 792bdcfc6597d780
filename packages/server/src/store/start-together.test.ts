import { expect, test } from 'vitest'
import { testDatabase } from '../testing/databases.ts'
import { migrate } from './migrations.ts'
import { openStore } from './store.ts'

test('ten desks that start at once on a new database migrate it once', async () => {
  await using database = await testDatabase()
  const stores = Array.from({ length: 10 }, () => openStore(database.url))
  const applied = await Promise.all(stores.map((store) => migrate(store)))
  expect(applied.filter((names) => names.length > 0)).toHaveLength(1)
  await Promise.all(stores.map((store) => store.close()))
})
