import type * as z from 'zod'
import type { History, Page } from '../messages/history.ts'
import type { messagesQuery } from './input.ts'
import { json, nextPage } from './route.ts'

type Query = z.output<typeof messagesQuery>

/** Answers with the page of a chat's messages that a query asks for, and where it goes on. */
export async function messagePage(
  history: History,
  chatId: string,
  query: Query,
  path: string,
): Promise<Response> {
  const page = await pageOf(history, chatId, query)
  return json(page.messages, 200, nextPage(path, following(page, query)))
}

async function pageOf(
  history: History,
  chatId: string,
  { after, before, since, limit }: Query,
): Promise<Page> {
  if (after !== undefined) return await history.after(chatId, after, limit)
  if (before !== undefined) return await history.before(chatId, before, limit)
  if (since !== undefined) return await history.since(chatId, since, limit)
  return await history.newest(chatId, limit)
}

function following({ messages, hasMore }: Page, query: Query): Record<string, number> | null {
  const [first, last] = [messages[0], messages.at(-1)]
  if (!hasMore || first === undefined || last === undefined) return null
  const isForward = query.after !== undefined || query.since !== undefined
  return { ...(isForward ? { after: last.seq } : { before: first.seq }), limit: query.limit }
}
