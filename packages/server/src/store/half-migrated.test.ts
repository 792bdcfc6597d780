import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../testing/databases.ts'
import { mortalPool } from '../testing/mortal-pool.ts'
import { migrate, migrationStatus } from './migrations.ts'
import { openStore, type Store } from './store.ts'

/** How every table was made, and how many rows it has. */
async function schemaOf(store: Store): Promise<object[]> {
  const tables = await sql<Record<string, string>>`show tables`.execute(store.db)
  const names = tables.rows.flatMap((row) => Object.values(row)).toSorted()
  return await Promise.all(
    names.map(async (name) => {
      const made = await sql<Record<string, string>>`show create table ${sql.table(name)}`.execute(store.db)
      const rows = await sql<{ count: number }>`select count(*) as count from ${sql.table(name)}`.execute(
        store.db,
      )
      return { name, made: made.rows[0]?.['Create Table'], rows: rows.rows[0]?.count }
    }),
  )
}

async function migratedAtOnce(): Promise<object[]> {
  await using database = await testDatabase()
  const store = openStore(database.url)
  await migrate(store)
  const schema = await schemaOf(store)
  await store.close()
  return schema
}

test('a migration goes on where it ended, whichever statement was the last', async () => {
  await using database = await testDatabase()
  let deaths = 0
  for (; ; deaths++) {
    // Enough to note what was done before, and then one more: each attempt gets a little further.
    const pool = mortalPool(database.url, { at: 4 + (deaths % 4), isDone: deaths % 2 === 0 })
    const store = openStore(pool)
    const outcome = await migrate(store).then(
      () => 'migrated',
      (error: Error) => error.message,
    )
    await new Promise<void>((resolve) => pool.end(() => resolve()))
    if (outcome === 'migrated') break
    expect(outcome).toBe('The database cannot be used right now.')
  }
  expect(deaths).toBeGreaterThan(20)
  const store = openStore(database.url)
  expect(await schemaOf(store)).toEqual(await migratedAtOnce())
  expect((await migrationStatus(store)).every(({ appliedAt }) => appliedAt !== null)).toBe(true)
  await store.close()
})

test('a process that is killed while it migrates leaves a schema that the next one completes', async () => {
  await using database = await testDatabase()
  for (const at of [2, 9, 30]) {
    await expect(migratedByProcess(database.url, at)).rejects.toMatchObject({ signal: 'SIGKILL' })
  }
  const store = openStore(database.url)
  expect((await migrate(store)).length).toBeGreaterThan(0)
  expect(await schemaOf(store)).toEqual(await migratedAtOnce())
  await store.close()
})

test('a table that is not of a migration is no step of it', async () => {
  await using database = await testDatabase()
  const store = openStore(database.url)
  await migrate(store, '0002_admins')
  await sql`create table support_erased_attempts (hash int)`.execute(store.db)
  await expect(migrate(store)).rejects.toThrow('already exists')
  await store.close()
})

async function migratedByProcess(url: string, at: number): Promise<void> {
  const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href)
  const script = `
    const { mortalPool } = await import(${here('../testing/mortal-pool.ts')})
    const { openStore } = await import(${here('./store.ts')})
    const { migrate } = await import(${here('./migrations.ts')})
    const die = () => process.kill(process.pid, 'SIGKILL')
    await migrate(openStore(mortalPool(${JSON.stringify(url)}, { at: ${at}, isDone: true, die })))`
  await promisify(execFile)(process.execPath, ['--conditions=source', '--input-type=module', '-e', script])
}
