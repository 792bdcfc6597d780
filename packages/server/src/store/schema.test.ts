import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { open } from '../chats/open.ts'
import { testDatabase } from '../testing/databases.ts'
import { testEngine, user } from '../testing/engine.ts'
import { migrate, migrationStatus, pendingSql } from './migrations.ts'
import { openStore } from './store.ts'

test('what is printed for an operator makes the schema that the desk would make', async () => {
  await using database = await testDatabase()
  const store = openStore(database.url)
  expect((await migrationStatus(store)).every(({ appliedAt }) => appliedAt === null)).toBe(true)
  for (const statement of await pendingSql(store)) await sql.raw(statement).execute(store.db)
  expect(await pendingSql(store)).toEqual([])
  expect(await migrate(store)).toEqual([])
  expect((await migrationStatus(store)).every(({ appliedAt }) => appliedAt !== null)).toBe(true)
  await using engine = await testEngine()
  const chat = await open({ ...engine, store }, user('alice'))
  expect((await open({ ...engine, store }, user('alice'))).id).toBe(chat.id)
  await store.close()
})
