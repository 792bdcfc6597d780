import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { erase } from '../chats/erase.ts'
import { open } from '../chats/open.ts'
import { MessageLog } from '../messages/append.ts'
import { testEngine, user } from '../testing/engine.ts'

test('what was erased cannot be read from the database file either', async () => {
  await using engine = await testEngine()
  const log = new MessageLog(engine, 0)
  const say = async (who: string, ...contents: string[]) => {
    const { id: chatId } = await open(engine, user(who))
    for (const content of contents)
      await log.append({ type: 'user', name: who }, { chatId, content, clientId: null })
  }
  await say('bob', 'I stay')
  await say('alice', ...Array.from({ length: 200 }, (_, n) => `my address is ${n} Fern Lane`))
  const file = async () => {
    await sql`pragma wal_checkpoint(truncate)`.execute(engine.store.db)
    return readFileSync(engine.url.slice('sqlite:'.length), 'latin1')
  }
  expect(await file()).toContain('Fern Lane')
  // The search index has the word by itself.
  expect(await file()).toMatch(/fern/)
  await erase(engine, 'alice')
  const left = await file()
  expect(left).toContain('I stay')
  expect(left).not.toMatch(/fern|alice/i)
})

test('nobody is left without a chat, or a message without one, where the database cascades nothing', async () => {
  await using engine = await testEngine()
  await sql`pragma foreign_keys = off`.execute(engine.store.db)
  const { id: chatId } = await open(engine, user('alice'))
  const log = new MessageLog(engine, 0)
  await log.append({ type: 'user', name: 'Alice' }, { chatId, content: 'hello', clientId: 'a-1' })
  await erase(engine, 'alice')
  for (const table of ['support_users', 'support_chats', 'support_messages', 'support_notifications']) {
    expect((await sql`select * from ${sql.table(table)}`.execute(engine.store.db)).rows, table).toEqual([])
  }
})
