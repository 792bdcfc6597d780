import type { AdminEvent, SupportChatListItem } from '@deskbell/protocol'
import { MutationObserver, QueryClient } from '@tanstack/react-query'
import { afterEach, expect, test, vi } from 'vitest'
import { type Archiving, archiving } from './archiving.ts'
import { createNewsDesk } from './news.ts'
import { type InboxRow, rowFrom } from './rows.ts'

afterEach(() => vi.unstubAllGlobals())

const chat: SupportChatListItem = {
  id: 'c1',
  user_id: 'u1',
  user_email: 'alice@example.com',
  user_name: 'Alice',
  last_message_at: '2026-01-29T10:00:00.000000Z',
  last_message_preview: 'one',
  last_message_sender: 'user',
  message_count: 1,
  unread: true,
  archived: false,
}
const written: SupportChatListItem = { ...chat, last_message_preview: 'two', message_count: 2 }
const updated = (to: SupportChatListItem): AdminEvent => ({ type: 'chat_updated', chat: to })

/** The dashboard's news of one chat, before a desk that answers as the test says. */
function desk(answer: () => Promise<SupportChatListItem>) {
  vi.stubGlobal('fetch', async () => Response.json(await answer()))
  const queries = new QueryClient()
  const relisted = vi.spyOn(queries, 'invalidateQueries')
  const news = createNewsDesk(queueMicrotask)
  news.hear(updated(chat))
  return {
    news,
    relisted,
    shown: (): InboxRow | undefined => news.getSnapshot().rows.get('c1')?.row,
    change: (what: Archiving) => new MutationObserver(queries, archiving(news, queries)).mutate(what),
  }
}

test('a chat that is put aside is aside at once', async () => {
  const answer = Promise.withResolvers<SupportChatListItem>()
  const at = desk(() => answer.promise)
  const done = at.change({ row: rowFrom(chat), isArchived: true })
  await vi.waitFor(() => expect(at.shown()?.isArchived).toBe(true))
  answer.resolve({ ...chat, archived: true })
  await done
  expect(at.shown()).toEqual(rowFrom({ ...chat, archived: true }))
})

test('[P4] an undo of something that a message has undone already leaves the chat as it is now', async () => {
  const at = desk(async () => written)
  at.news.hear(updated(written))
  await at.change({ row: rowFrom(chat), isArchived: false })
  expect(at.shown()).toEqual(rowFrom(written))
})

test('[P4] what was not to be changed any more is shown as the desk answers', async () => {
  const viewed = { ...chat, unread: false, archived: true }
  const at = desk(async () => viewed)
  await at.change({ row: rowFrom(chat), isArchived: true })
  expect(at.shown()).toEqual(rowFrom(viewed))
})

test('[P4] what a colleague did meanwhile is not undone by a late answer', async () => {
  const answer = Promise.withResolvers<SupportChatListItem>()
  const at = desk(() => answer.promise)
  const done = at.change({ row: rowFrom(chat), isArchived: true })
  await vi.waitFor(() => expect(at.shown()?.isArchived).toBe(true))
  at.news.hear(updated({ ...chat, archived: true }))
  at.news.hear(updated(chat))
  answer.resolve({ ...chat, archived: true })
  await done
  expect(at.shown()?.isArchived).toBe(false)
})

test('[P4] a change without an answer is taken back, and the desk is asked what became of it', async () => {
  const at = desk(async () => {
    throw new TypeError('the answer was lost')
  })
  await expect(at.change({ row: rowFrom(chat), isArchived: true })).rejects.toThrow()
  expect(at.shown()?.isArchived).toBe(false)
  expect(at.relisted).toHaveBeenCalledWith({ queryKey: ['chats'] })
})

test('[P4] a change without an answer leaves what was heard meanwhile', async () => {
  const answer = Promise.withResolvers<SupportChatListItem>()
  const at = desk(() => answer.promise)
  const done = at.change({ row: rowFrom(chat), isArchived: true })
  await vi.waitFor(() => expect(at.shown()?.isArchived).toBe(true))
  at.news.hear(updated({ ...chat, archived: true }))
  answer.reject(new TypeError('the answer was lost'))
  await expect(done).rejects.toThrow()
  expect(at.shown()?.isArchived).toBe(true)
})
