import type * as z from 'zod'
import { messagesAfter, messagesBefore, messagesSince, newest, type Page } from '../messages/history.ts'
import type { Store } from '../store/store.ts'
import type { messagesQuery } from './input.ts'
import { json, nextPage } from './route.ts'

type Query = z.output<typeof messagesQuery>

/** Answers with the page of a chat's messages that a query asks for, and where it goes on. */
export async function messagePage(
  store: Store,
  chatId: string,
  query: Query,
  path: string,
): Promise<Response> {
  const page = await pageOf(store, chatId, query)
  return json(page.messages, 200, nextPage(path, following(page, query)))
}

async function pageOf(store: Store, chatId: string, { after, before, since, limit }: Query): Promise<Page> {
  if (after !== undefined) return await messagesAfter(store, chatId, after, limit)
  if (before !== undefined) return await messagesBefore(store, chatId, before, limit)
  if (since !== undefined) return await messagesSince(store, chatId, since, limit)
  return await newest(store, chatId, limit)
}

function following({ messages, hasMore }: Page, query: Query): Record<string, number> | null {
  const [first, last] = [messages[0], messages.at(-1)]
  if (!hasMore || first === undefined || last === undefined) return null
  const isForward = query.after !== undefined || query.since !== undefined
  return { ...(isForward ? { after: last.seq } : { before: first.seq }), limit: query.limit }
}
