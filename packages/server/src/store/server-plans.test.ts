import { randomUUID } from 'node:crypto'
import { CompiledQuery, sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { findChat } from '../chats/chat.ts'
import { list } from '../chats/list.ts'
import { open } from '../chats/open.ts'
import { countUnreadChats } from '../chats/unread.ts'
import { MessageLog } from '../messages/append.ts'
import { adminHistory } from '../messages/history.ts'
import { unreadCount } from '../messages/read.ts'
import { notificationsOf } from '../notifications/decisions.ts'
import { search } from '../search/search.ts'
import { seedDesk } from '../seed/seed.ts'
import { databaseName, type TestDatabase, testDatabase } from '../testing/databases.ts'
import { engineOn, user } from '../testing/engine.ts'
import { findUser } from '../users/user.ts'
import { migrate } from './migrations.ts'
import { PooledConnection } from './pool-driver.ts'
import { openStore, type Store } from './store.ts'

const BIG = ['users', 'chats', 'messages', 'message_words', 'user_words'].map((table) => `support_${table}`)
/** Rows that are sorted without anyone noticing: the hits of a rare word, or those of one page. */
const FEW = 300

const SEED = { users: 5_000, messages: 7_000, seed: 7, until: Date.parse('2026-01-29T10:00:00Z') }

let database: TestDatabase
let store: Store

beforeAll(async () => {
  database = await testDatabase()
  store = openStore(database.url)
  await migrate(store)
  await seedDesk(store, SEED, () => {})
  // What a server does by itself after a while.
  for (const table of BIG) {
    await sql`analyze ${sql.raw(databaseName() === 'postgres' ? '' : 'table')} ${sql.table(table)}`.execute(
      store.db,
    )
  }
}, 120_000)

afterAll(async () => {
  await store.close()
  await database[Symbol.asyncDispose]()
})

/** What is wrong with the plans of the queries that some work asks: big tables that are read or sorted whole. */
async function faultsOf(on: Store, work: () => Promise<unknown>): Promise<string[]> {
  const queries = vi.spyOn(PooledConnection.prototype, 'executeQuery')
  await work()
  const asked = queries.mock.calls.map(([query]) => query)
  queries.mockRestore()
  const selects = asked.filter((query) => query.sql.startsWith('select'))
  expect(selects.length).toBeGreaterThan(0)
  const faults = await Promise.all(
    selects.map(async ({ sql: text, parameters }) => {
      const found = databaseName() === 'postgres' ? postgresFaults : mysqlFaults
      return (await found(on, text, [...parameters])).map((fault) => `${fault} in ${text}`)
    }),
  )
  return [...new Set(faults.flat())]
}

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Plan Rows': number
  Plans?: PlanNode[]
}

async function postgresFaults(on: Store, text: string, parameters: unknown[]): Promise<string[]> {
  const explained = CompiledQuery.raw(`explain (format json) ${text}`, parameters)
  const { rows } = await on.db.executeQuery<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(explained)
  const nodes = rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => withInner(Plan)))
  return nodes.flatMap((node) => {
    const table = node['Relation Name'] ?? ''
    const input = Math.max(0, ...(node.Plans ?? []).map((inner) => inner['Plan Rows']))
    if (node['Node Type'] === 'Seq Scan' && BIG.includes(table)) return [`${table} is read whole`]
    return node['Node Type'] === 'Sort' && input > FEW ? [`${input} rows are sorted`] : []
  })
}

function withInner(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(withInner)]
}

interface ExplainRow {
  table: string | null
  type: string | null
  rows: string | number | null
  Extra: string | null
}

async function mysqlFaults(on: Store, text: string, parameters: unknown[]): Promise<string[]> {
  const { rows } = await on.db.executeQuery<ExplainRow>(CompiledQuery.raw(`explain ${text}`, parameters))
  return rows.flatMap(({ table, type, rows, Extra }) => {
    const isWhole = type === 'ALL' || type === 'index'
    if (isWhole && !table?.startsWith('<') && Number(rows) > FEW) return [`${table} is read whole`]
    return Extra?.includes('filesort') && Number(rows) > FEW ? [`${rows} rows of ${table} are sorted`] : []
  })
}

test.each([false, true])('pages of the list (archived: %s) are read from its index', async (archived) => {
  const faults = await faultsOf(store, async () => {
    const { next } = await list(store, { archived, limit: 20, cursor: null })
    await list(store, { archived, limit: 20, cursor: next })
    await list(store, { archived, limit: 20, cursor: Buffer.from('[null,"x"]').toString('base64url') })
    await countUnreadChats(store)
  })
  expect(faults).toEqual([])
})

test('an open conversation, its pages and its e-mails are read from their indexes', async () => {
  const admin = { ...user('sam'), role: 'admin' as const }
  const { items } = await list(store, { archived: false, limit: 1, cursor: null })
  const [{ id, user_id } = { id: '', user_id: '' }] = items
  const faults = await faultsOf(store, async () => {
    const history = adminHistory(store)
    await history.newest(id, 50)
    await history.after(id, 1, 50)
    await history.before(id, 9, 50)
    await history.since(id, '2020-01-01T00:00:00.000000Z', 50)
    await unreadCount(store, await findChat(store, admin, id), 9)
    await notificationsOf(store, id, 50)
    await findUser(store, user_id)
    await open(engineOn(store), user(user_id))
  })
  expect(faults).toEqual([])
})

test('people and messages are found through the index of their words', async () => {
  const faults = await faultsOf(store, async () => {
    for (const typed of ['invoice', '"where is" parcel', 'anna', 'someone@example.com']) {
      await search(store, { typed, limit: 20, cursor: null })
    }
  })
  expect(faults).toEqual([])
})

test('repeated messages are looked for one by one, also where the server knows nothing of the table yet', async () => {
  await using database = await testDatabase()
  const young = openStore(database.url)
  try {
    await migrate(young)
    if (databaseName() === 'postgres') {
      await sql`alter table support_messages set (autovacuum_enabled = false)`.execute(young.db)
    }
    await seedDesk(young, SEED, () => {})
    const engine = engineOn(young)
    const log = new MessageLog(engine, 0)
    const { items } = await list(young, { archived: false, limit: 50, cursor: null })
    const sender = { type: 'user', name: 'Ann' } as const
    const faults = await faultsOf(young, async () => {
      const drafts = items.map(({ id: chatId }) => ({ chatId, content: 'Hello', clientId: randomUUID() }))
      await Promise.all(drafts.map((draft) => log.append(sender, draft)))
    })
    expect(faults.filter((fault) => fault.startsWith('support_messages'))).toEqual([])
  } finally {
    await young.close()
  }
})
