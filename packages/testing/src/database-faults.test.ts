import type { DatabasePool } from 'deskbell'
import mysql from 'mysql2'
import pg from 'pg'
import { expect, test } from 'vitest'
import { databaseName, testDatabase } from '../../server/src/testing/databases.ts'
import { CutLine } from './cut-line.ts'
import { deskServer, send, stored } from './database-desk.ts'
import { testDesk } from './test-desk.ts'
import { until } from './until.ts'

test('[P1] [P3] the database is killed and comes back: what was sent is there once, in one order', async () => {
  await using database = await deskServer()
  await using at = await testDesk({ databaseUrl: database.url('desk') })
  await at.openChat('alice')
  const acknowledged = new Set<string>()
  let isOver = false
  const sender = async (name: string) => {
    for (let n = 1; !isOver; n++) {
      // As a client does: the same attempt again until it is told that it is stored.
      while (!(await send(at, `${name} ${n}`, `${name}-${n}`)).ok) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      acknowledged.add(`${name} ${n}`)
    }
  }
  const senders = Promise.all(['a', 'b', 'c', 'd'].map(sender))
  for (const more of [40, 80]) {
    await until('messages are stored', () => acknowledged.size >= more, 20_000)
    await database.crash()
    const refused = await send(at, 'nobody there', null)
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([503, true])
    await database.restart()
  }
  const before = acknowledged.size
  await until('it goes on', () => acknowledged.size > before + 20, 20_000)
  isOver = true
  await senders
  const messages = await stored(at)
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1))
  expect(messages.map(({ content }) => content).toSorted()).toEqual([...acknowledged].toSorted())
})

test('[P3] a connection that is lost inside a COMMIT stores the message once, also one without a client_id', async () => {
  await using database = await testDatabase()
  const address = new URL(database.url)
  await using line = await CutLine.to(Number(address.port))
  address.port = String(line.port)
  await using at = await testDesk({ databaseUrl: address.href })
  await at.openChat('alice')
  for (const clientId of [null, 'a-1', null, 'a-2']) {
    line.loseCommit('cut')
    const answer = await send(at, `as ${clientId}`, clientId)
    expect(line.isLosing).toBe(false)
    expect(answer.ok).toBe(true)
  }
  expect((await stored(at)).map(({ seq, content }) => [seq, content])).toEqual([
    [1, 'as null'],
    [2, 'as a-1'],
    [3, 'as null'],
    [4, 'as a-2'],
  ])
})

test('[P4] [P7] what a COMMIT without an answer has changed is told to everyone, and told as done', async () => {
  await using database = await testDatabase()
  const address = new URL(database.url)
  await using line = await CutLine.to(Number(address.port))
  address.port = String(line.port)
  await using at = await testDesk({ databaseUrl: address.href, visitors: 'allow' })
  const chatId = await at.openChat('alice')
  await send(at, 'hello', null)
  const admin = at.token('sam', { role: 'admin' })
  await using sam = await at.cable(admin)
  const list = await sam.subscribe({ channel: 'AdminNotificationChannel' })
  const listed = (type: string) => sam.events(list).filter((event) => event.type === type)
  const unanswered = async <T>(work: () => Promise<T>): Promise<T> => {
    line.loseCommit('cut')
    const result = await work()
    expect(line.isLosing).toBe(false)
    return result
  }

  const archived = await unanswered(() => at.call(admin, 'POST', `/admin/chats/${chatId}/archive`))
  expect(archived.status).toBe(200)
  await until('the list hears of it', () => listed('chat_updated').at(-1)?.chat?.archived)

  const visitor = (await (await at.call(null, 'POST', '/visitors')).json()) as { token: string }
  const draft = { content: 'as a visitor', client_id: 'v-1' }
  await at.call(visitor.token, 'POST', '/support_chat/messages', draft)
  await using guest = await at.cable(visitor.token)
  const claim = { visitor_token: visitor.token }
  const claimed = await unanswered(() => at.call(at.token('alice'), 'POST', '/support_chat/claim', claim))
  expect(claimed.status).toBe(204)
  await until('the visitor is gone from the list', () => listed('chat_removed').length === 1)
  expect(listed('chat_updated').at(-1)?.chat).toMatchObject({ id: chatId, message_count: 2 })
  await until('and their socket is closed', () => guest.closed)

  await using alice = await at.cable(at.token('alice'))
  expect(await unanswered(() => at.desk.erase('alice'))).toBe(true)
  await until('alice is gone from it', () => listed('chat_removed').length === 2)
  expect(listed('chat_removed').at(-1)).toMatchObject({ chat_id: chatId })
  await until('and her socket is closed', () => alice.closed)
})

test('a pool without a free connection is told of within 5 s, and the host keeps its pool', async () => {
  await using database = await testDatabase()
  const host = await hostPool(database.url)
  {
    await using at = await testDesk({ database: host.pool })
    await at.openChat('alice')
    const release = await host.takeAll()
    const startedAt = performance.now()
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        n % 2 === 0 ? send(at, `hello ${n}`, `a-${n}`) : at.call(at.token('alice'), 'GET', '/support_chat'),
      ),
    )
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]))
    expect(answers.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true)
    release()
    expect((await send(at, 'hello 0', 'a-0')).ok).toBe(true)
    expect((await stored(at)).map(({ content }) => content)).toEqual(['hello 0'])
  }
  await host.end()
})

test('[P4] fifteen hundred who come back to a desk at once all get an answer', async () => {
  await using at = await testDesk()
  await at.openChat('alice')
  const headers = { authorization: `Bearer ${at.token('alice')}` }
  const ask = () => at.desk.fetch(new Request(`${at.url}/api/support_chat/summary`, { headers }))
  const answers = await Promise.all(Array.from({ length: 1_500 }, ask))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
})

interface HostPool {
  pool: DatabasePool
  /** Takes every connection; what it returns gives them back. */
  takeAll(): Promise<() => void>
  /** Fails when somebody else ended the pool already. */
  end(): Promise<void>
}

const CONNECTIONS = 3

async function hostPool(url: string): Promise<HostPool> {
  const each = <T>(take: () => Promise<T>) => Promise.all(Array.from({ length: CONNECTIONS }, take))
  if (databaseName() === 'postgres') {
    const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS })
    const takeAll = async () => {
      const all = await each(() => pool.connect())
      return () => all.forEach((client) => void client.release())
    }
    return { pool, takeAll, end: () => pool.end() }
  }
  const pool = mysql.createPool({ uri: url, connectionLimit: CONNECTIONS })
  const takeAll = async () => {
    const all = await each(() => pool.promise().getConnection())
    return () => all.forEach((connection) => void connection.release())
  }
  return { pool: pool as unknown as DatabasePool, takeAll, end: () => pool.promise().end() }
}
