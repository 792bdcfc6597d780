import { DatabaseSync } from 'node:sqlite'
import { CompiledQuery } from 'kysely'
import { expect, onTestFinished, test, vi } from 'vitest'
import { findChat } from '../chats/chat.ts'
import { list } from '../chats/list.ts'
import { open } from '../chats/open.ts'
import { countUnreadChats } from '../chats/unread.ts'
import { MessageLog } from '../messages/append.ts'
import { adminHistory } from '../messages/history.ts'
import { unreadCount } from '../messages/read.ts'
import { notificationsOf } from '../notifications/decisions.ts'
import { type TestEngine, testEngine, user } from '../testing/engine.ts'
import { findUser } from '../users/user.ts'

/**
 * How the database finds what the queries of some work ask for. All of it is a SEARCH in an index: no line may begin
 * with SCAN, which reads a whole table, or USE TEMP B-TREE, which sorts.
 */
async function plansOf(engine: TestEngine, work: () => Promise<unknown>): Promise<string[]> {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  onTestFinished(() => prepare.mockRestore())
  await work()
  const queries = prepare.mock.calls.map(([sql]) => sql)
  prepare.mockRestore()
  const steps: string[] = []
  for (const query of queries) {
    const plan = CompiledQuery.raw(`explain query plan ${query}`)
    const { rows } = await engine.store.db.executeQuery<{ detail: string }>(plan)
    steps.push(...rows.map(({ detail }) => detail))
  }
  return [...new Set(steps)]
}

/** Two chats that someone has written in: an index does not depend on how many there are. */
async function inbox() {
  const engine = await testEngine()
  const log = new MessageLog(engine, 0)
  for (const name of ['alice', 'bob']) {
    const { id: chatId } = await open(engine, user(name))
    await log.append({ type: 'user', name }, { chatId, content: 'hello', clientId: null })
  }
  return engine
}

// What SQLite calls the indexes of the primary keys and of the user that a chat has.
const [USER, CHAT, CHAT_OF_USER] = [
  'SEARCH support_users USING INDEX sqlite_autoindex_support_users_1 (id=?)',
  'SEARCH support_chats USING INDEX sqlite_autoindex_support_chats_1 (id=?)',
  'SEARCH support_chats USING INDEX sqlite_autoindex_support_chats_2 (user_id=?) LEFT-JOIN',
]

test.each([false, true])(
  'a page of the list (archived: %s) is read from its index, in its order',
  async (archived) => {
    await using engine = await inbox()
    const plans = await plansOf(engine, async () => {
      const { next } = await list(engine.store, { archived, limit: 1, cursor: null })
      const cursor = next ?? Buffer.from('["2026-01-29T10:00:00.000000Z","x"]').toString('base64url')
      await list(engine.store, { archived, limit: 1, cursor })
      // Beyond those with messages come those without.
      await list(engine.store, {
        archived,
        limit: 9,
        cursor: Buffer.from('[null,"x"]').toString('base64url'),
      })
    })
    expect(plans.sort()).toEqual([
      'SEARCH support_chats USING INDEX support_chats_list (archived=? AND last_message_at=? AND id<?)',
      'SEARCH support_chats USING INDEX support_chats_list (archived=? AND last_message_at=?)',
      'SEARCH support_chats USING INDEX support_chats_list (archived=? AND last_message_at>? AND last_message_at<?)',
      'SEARCH support_chats USING INDEX support_chats_list (archived=? AND last_message_at>?)',
      USER,
    ])
  },
)

test('unread chats are counted from their index', async () => {
  await using engine = await inbox()
  expect(await plansOf(engine, () => countUnreadChats(engine.store))).toEqual([
    'SEARCH support_chats USING INDEX support_chats_unread (archived=? AND unread=?)',
  ])
})

test('an open conversation, its pages and its e-mails are read from their indexes, in their order', async () => {
  await using engine = await inbox()
  const admin = { ...user('sam'), role: 'admin' as const }
  const { items } = await list(engine.store, { archived: false, limit: 1, cursor: null })
  const [{ id, user_id } = { id: '', user_id: '' }] = items
  const plans = await plansOf(engine, async () => {
    const history = adminHistory(engine.store)
    await history.newest(id, 50)
    await history.after(id, 1, 50)
    await history.before(id, 9, 50)
    await history.since(id, '2020-01-01T00:00:00.000000Z', 50)
    await unreadCount(engine.store, await findChat(engine.store, admin, id), 9)
    await notificationsOf(engine.store, id, 50)
    await findUser(engine.store, user_id)
  })
  expect(plans.sort()).toEqual([
    CHAT,
    CHAT_OF_USER,
    'SEARCH support_mail_suppressions USING INDEX sqlite_autoindex_support_mail_suppressions_1 (address=?)',
    'SEARCH support_messages USING INDEX support_messages_seq (chat_id=? AND seq<?)',
    'SEARCH support_messages USING INDEX support_messages_seq (chat_id=? AND seq=?)',
    'SEARCH support_messages USING INDEX support_messages_seq (chat_id=? AND seq>? AND seq<?)',
    'SEARCH support_messages USING INDEX support_messages_seq (chat_id=? AND seq>?)',
    'SEARCH support_notifications USING INDEX support_notifications_chat (chat_id=?)',
    USER,
  ])
})
