import type {
  AdminSupportChat,
  SupportChatListItem,
  SupportChatsSummary,
  SupportNotification,
  SupportUser,
} from '@deskbell/protocol'
import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { API, call, callForPage } from '../desk/call.ts'
import { createNewsDesk, type NewsDesk } from './news.ts'
import { type InboxPage, rowFrom } from './rows.ts'

const FIRST_PAGE = 50
// Only who scrolls asks for more, and then quickly.
const FURTHER_PAGES = 200

/** The pages of one tab, as the desk listed them. */
export function chatPages(news: NewsDesk, isArchived: boolean) {
  return infiniteQueryOptions({
    queryKey: ['chats', { isArchived }],
    initialPageParam: `${API}/admin/chats?archived=${isArchived}&limit=${FIRST_PAGE}`,
    queryFn: async ({ pageParam, signal }): Promise<InboxPage> => {
      const asOf = news.getSnapshot().position
      const { items, next } = await callForPage<SupportChatListItem>(pageParam, { signal })
      return { rows: items.map(rowFrom), next: next && widened(next), asOf }
    },
    getNextPageParam: (page) => page.next,
  })
}

/** Asks for the first active chats before the desk is open: all of its news will be newer. */
export function askForFirstChats(queries: QueryClient): void {
  const noNews = createNewsDesk((notify) => notify())
  void queries.prefetchInfiniteQuery(chatPages(noNews, false))
}

/** How many active chats are unread, whichever of them are listed here. */
export function unreadChats(news: NewsDesk) {
  return queryOptions({
    queryKey: ['chats', 'unread'],
    queryFn: async ({ signal }) => {
      const asOf = news.getSnapshot().position
      const { unread_count } = await call<SupportChatsSummary>(`${API}/admin/chats/summary`, { signal })
      return { count: unread_count, asOf }
    },
  })
}

/** A chat as it stands by itself, whose it is, and what became of the e-mails about it. */
interface OneChat extends InboxPage {
  user: SupportUser
  notifications: SupportNotification[]
}

/** The open chat, which no page of the list may have brought. Asking for it views it. */
export function oneChat(news: NewsDesk, chatId: string) {
  return queryOptions({
    queryKey: ['chat', chatId],
    queryFn: async ({ signal }): Promise<OneChat> => {
      const asOf = news.getSnapshot().position
      const chat = await call<AdminSupportChat>(`${API}/admin/chats/${encodeURIComponent(chatId)}`, {
        signal,
      })
      const { user, notifications } = chat
      return { rows: [rowFromChat(chat)], next: '', asOf, user, notifications }
    },
  })
}

function rowFromChat(chat: AdminSupportChat) {
  const last = chat.messages.at(-1)
  return {
    id: chat.id,
    email: chat.user_email,
    name: chat.user_name,
    lastMessageAt: last?.created_at ?? null,
    preview: last?.content ?? null,
    lastSender: last?.sender_type ?? null,
    messageCount: last?.seq ?? 0,
    isUnread: false,
    isArchived: chat.archived,
  }
}

function widened(next: string): string {
  const url = new URL(next, location.href)
  url.searchParams.set('limit', String(FURTHER_PAGES))
  return url.pathname + url.search
}
