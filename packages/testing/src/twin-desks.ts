import { type Bus, type DeskOptions, openStore } from 'deskbell'
import { deskDatabase } from '../../server/src/testing/databases.ts'
import { type TestDesk, testDesk } from './test-desk.ts'

/** Two desks on one database, as behind a load balancer; `file` is where it lies, if it is one. */
export interface TwinDesks extends AsyncDisposable {
  readonly desks: readonly [TestDesk, TestDesk]
  readonly databaseUrl: string
  readonly file: string
}

/** Starts two desks that share a database and tell each other by a bus of which each gets an end. */
export async function twinDesks(end: () => Bus, options: DeskOptions = {}): Promise<TwinDesks> {
  const database = await deskDatabase()
  // A file has one writing process, and so one store; a server has many.
  const store = database.url.startsWith('sqlite:') ? openStore(database.url) : undefined
  const one = await testDesk({ ...options, databaseUrl: database.url, store, bus: end() })
  const other = await testDesk({ ...options, databaseUrl: database.url, store, bus: end() })
  return {
    desks: [one, other],
    databaseUrl: database.url,
    file: database.url.replace(/^sqlite:/, ''),
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]()
      await other[Symbol.asyncDispose]()
      await store?.close()
      await database[Symbol.asyncDispose]()
    },
  }
}
