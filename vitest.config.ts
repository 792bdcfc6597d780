import { configDefaults, defineConfig } from 'vitest/config'

// Workspace packages resolve to their sources: a test never runs yesterday's build.
const conditions = ['source', 'node', 'module']

/** What is true of every database: one body each, run on all of them. */
const ON_EVERY_DATABASE = [
  'packages/server/src/{chats,messages,search,users}/*.test.ts',
  'packages/server/src/notifications/delay.test.ts',
  'packages/server/src/store/{host-kysely,old-desk,prefix,prepared,schema}.test.ts',
  'packages/server/src/{copy,identity}/{admins,copy}.test.ts',
  'packages/testing/src/{convergence,crash,lost-hints,races,two-desks}.test.ts',
]

/** What a Kysely instance of the host, with types and transactions of its own, might make different. */
const ON_KYSELY = [
  'packages/server/src/chats/{erase,list,marks,open}.test.ts',
  'packages/server/src/messages/{append,history}.test.ts',
  'packages/server/src/{search,users}/*.test.ts',
  'packages/server/src/identity/admins.test.ts',
]

/** What embedded SQLite cannot suffer. */
const ON_SERVERS = [
  'packages/server/src/store/{guarded,secrecy,server-plans,start-together,start-up-check}.test.ts',
  'packages/testing/src/database-{faults,outages}.test.ts',
]

/** What only a database suffers that commits each statement of a migration by itself. */
const ON_MYSQL = ['packages/server/src/store/half-migrated.test.ts']

/** What only a database can do that takes arrays. */
const ON_POSTGRES = ['packages/server/src/store/prepared-columns.test.ts']

/** What a host brings that has the Redis client of yesterday. */
const ON_IOREDIS_5 = ['packages/server/src/delivery/bus/{contract,outage,redis-cluster}.test.ts']

/** On MariaDB, which does more than MySQL 8. */
const MYSQL_8_ONLY = ['packages/server/src/testing/mysql8-set-up.ts']

const shared = {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
}

export default defineConfig({
  ...shared,
  test: {
    globalSetup: ['packages/server/src/testing/database-set-up.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
    // Most of a test is waiting for servers and timers: three share two cores well.
    maxWorkers: 3,
    projects: [
      {
        ...shared,
        test: {
          name: 'sqlite',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'bench/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...ON_SERVERS, ...ON_POSTGRES, ...ON_MYSQL],
          // A page of happy-dom loads no script: the tests bring what the script would define.
          environmentOptions: { happyDOM: { settings: { handleDisabledFileLoadingAsSuccess: true } } },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      ...['postgres', 'mysql'].map((database) => ({
        ...shared,
        test: {
          name: database,
          include: [...ON_EVERY_DATABASE, ...ON_SERVERS, ...(database === 'mysql' ? ON_MYSQL : ON_POSTGRES)],
          env: { DESKBELL_TEST_DATABASE: database },
          setupFiles: database === 'mysql' ? MYSQL_8_ONLY : [],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      })),
      {
        ...shared,
        // The oldest that package.json allows.
        resolve: { conditions, alias: { ioredis: 'ioredis-5' } },
        test: {
          name: 'ioredis-5',
          include: ON_IOREDIS_5,
          env: { DESKBELL_TEST_BUS: 'Redis' },
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      ...['sqlite', 'postgres', 'mysql'].map((database) => ({
        ...shared,
        test: {
          name: `${database}-kysely`,
          include: ON_KYSELY,
          env: { DESKBELL_TEST_DATABASE: database, DESKBELL_TEST_KYSELY: 'yes' },
          setupFiles: database === 'mysql' ? MYSQL_8_ONLY : [],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      })),
    ],
  },
})
