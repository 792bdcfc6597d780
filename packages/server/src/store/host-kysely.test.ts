import { DatabaseSync } from 'node:sqlite'
import { CamelCasePlugin, Kysely, MysqlDialect, sql } from 'kysely'
import mysql from 'mysql2'
import { expect, test } from 'vitest'
import { open } from '../chats/open.ts'
import { databaseName, testDatabase } from '../testing/databases.ts'
import { engineOn, user } from '../testing/engine.ts'
import { hostKysely, nodeSqliteDialect } from '../testing/host-kysely.ts'
import { migrate } from './migrations.ts'
import { checkDatabase } from './start-up-check.ts'
import { openStore } from './store.ts'

interface HostTables {
  orders: { orderedBy: string }
}

test('the Kysely instance of a host is as it was, and open, when the desk is closed', async () => {
  await using database = await testDatabase()
  const host = hostKysely<HostTables>(database.url, [new CamelCasePlugin()])
  await host.schema.createTable('orders').addColumn('orderedBy', 'varchar(9)').execute()
  const store = openStore(host)
  expect(await checkDatabase(store)).toEqual(databaseName() === 'sqlite' ? [] : expect.anything())
  await migrate(store)
  await open(engineOn(store), user('alice'))
  await host.insertInto('orders').values({ orderedBy: 'alice' }).execute()
  await store.close()
  expect(await host.selectFrom('orders').selectAll().execute()).toEqual([{ orderedBy: 'alice' }])
  await host.destroy()
})

test('a transaction of the desk that fails leaves nothing to the host, nor a connection inside it', async () => {
  await using database = await testDatabase()
  const host = hostKysely(database.url)
  const store = openStore(host)
  await migrate(store)
  const engine = engineOn(store)
  const chat = await open(engine, user('alice'))
  // As many at once as there are connections, so that whoever comes next gets one of theirs.
  const broken = Array.from({ length: 10 }, () =>
    store.db.transaction().execute(async (trx) => {
      await trx.updateTable('support_chats').set({ last_seq: 7 }).where('id', '=', chat.id).execute()
      await sql`select * from nowhere`.execute(trx)
    }),
  )
  expect((await Promise.allSettled(broken)).every(({ status }) => status === 'rejected')).toBe(true)
  const { rows } = await sql<{ last_seq: unknown }>`select last_seq from support_chats`.execute(host)
  expect(rows.map(({ last_seq }) => Number(last_seq))).toEqual([0])
  await sql`update support_chats set last_seq = 1`.execute(host)
  expect((await open(engine, user('alice'))).last_seq).toBe(1)
  await store.close()
  await host.destroy()
})

test('times keep their microseconds, or the Kysely instance is refused with what it needs', async () => {
  await using database = await testDatabase()
  const refusal = (host: Kysely<HostTables>) => expect(checkDatabase(openStore(host))).rejects
  switch (databaseName()) {
    case 'sqlite': {
      const host = new Kysely<HostTables>({ dialect: nodeSqliteDialect(new DatabaseSync(':memory:')) })
      await refusal(host).toThrow('must be readied for a desk: prepareSqlite(database)')
      return await host.destroy()
    }
    case 'mysql': {
      const host = new Kysely<HostTables>({
        dialect: new MysqlDialect({ pool: mysql.createPool(database.url) }),
      })
      await refusal(host).toThrow('needs a pool with dateStrings: true')
      return await host.destroy()
    }
    case 'postgres': {
      const host = hostKysely<HostTables>(database.url)
      const time = sql`select timestamptz '2026-01-29 10:00:00.123456Z' as created_at`
      expect((await time.execute(openStore(host).db)).rows).toEqual([
        { created_at: '2026-01-29T10:00:00.123456Z' },
      ])
      return await host.destroy()
    }
  }
})
