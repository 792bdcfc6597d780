import { sql } from 'kysely'
import pino from 'pino'
import { expect, test } from 'vitest'
import { testDatabase } from '../testing/databases.ts'
import { migrate } from './migrations.ts'
import { openStore } from './store.ts'

test('[P7] what a database says of a statement it refuses tells the log nothing of what people wrote', async () => {
  await using database = await testDatabase()
  const store = openStore(database.at)
  await migrate(store)
  // Without the id of the host.
  const refused = sql`insert into support_users (id, name) values ('u', ${'a secret'})`.execute(store.db)
  const error = await refused.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Error)
  expect(JSON.stringify(pino.stdSerializers.err(error as Error))).not.toContain('a secret')
  await store.close()
})
