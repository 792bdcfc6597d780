import { expect, test } from 'vitest'
import { claimVisitorChat } from '../chats/claim.ts'
import { list } from '../chats/list.ts'
import { open } from '../chats/open.ts'
import { MessageLog } from '../messages/append.ts'
import { userHistory } from '../messages/history.ts'
import { testDatabase } from '../testing/databases.ts'
import { testEngine, user } from '../testing/engine.ts'
import { migrate } from './migrations.ts'
import { openStore } from './store.ts'

// The last one begins like the default: what is renamed once must not be renamed again.
test.each(['support_', 'help_', 'support_eu_'])('a desk keeps to the table prefix %s', async (prefix) => {
  await using base = await testEngine()
  await using database = await testDatabase()
  const store = openStore(database.at, { prefix })
  await migrate(store)
  const engine = { ...base, store }
  const chat = await open(engine, user('alice'))
  const log = new MessageLog(engine, 0)
  await log.append({ type: 'user', name: 'Alice' }, { chatId: chat.id, content: 'hello', clientId: 'a-1' })
  const guest = await open(engine, user('visitor:1'))
  await log.append({ type: 'user', name: null }, { chatId: guest.id, content: 'hi', clientId: 'v-1' })
  await claimVisitorChat(engine, 'visitor:1', user('alice'))

  const { messages } = await userHistory(store).after(chat.id, 0, 10)
  expect(messages.map(({ content }) => content)).toEqual(['hello', 'hi'])
  expect((await list(store, { archived: false, limit: 10, cursor: null })).items).toHaveLength(1)
  const tables = (await store.db.introspection.getTables()).map(({ name }) => name)
  expect(tables.filter((name) => !name.startsWith(prefix))).toEqual([])
  // What the search index is made of is named by SQLite.
  expect(tables.filter((name) => !/_words_/.test(name)).toSorted()).toEqual(
    ['admin_accounts', 'admin_sessions', 'admin_verifications', 'admins', 'chats', 'desk', 'erased_attempts']
      .concat('mail_suppressions', 'message_words', 'messages', 'migrations', 'notices', 'notifications')
      .concat(store.dialect.fullText === 'fts5' ? ['user_numbers'] : [], 'user_words', 'users')
      .map((name) => prefix + name),
  )
  await store.close()
})

test('two desks with different prefixes share a database without meeting', async () => {
  await using base = await testEngine()
  const one = openStore(base.url, { prefix: 'one_' })
  const other = openStore(base.url, { prefix: 'two_' })
  await migrate(one)
  await migrate(other)
  const chat = await open({ ...base, store: one }, user('alice'))
  expect((await open({ ...base, store: other }, user('alice'))).id).not.toBe(chat.id)
  expect((await list(other, { archived: false, limit: 10, cursor: null })).items).toHaveLength(1)
  await one.close()
  await other.close()
})
