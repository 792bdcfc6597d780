import type { SupportNotification, SupportUser } from '@deskbell/protocol'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useDesk } from '../desk/desk.ts'
import { chatPages, oneChat, unreadChats } from './chats.ts'
import { findRow, type InboxPage, type InboxRow, liveRows } from './rows.ts'

/** One tab's list as a view shows it. */
export interface ChatList {
  rows: readonly InboxRow[]
  state: 'loading' | 'ready' | 'failed'
  /** What became of the request for the next page. */
  more: 'none' | 'some' | 'loading' | 'failed'
  loadMore(): void
  retry(): void
}

const NO_PAGES: readonly InboxPage[] = []
const NO_MAILS: readonly SupportNotification[] = []

/** The live list of a tab. */
export function useChatList(isArchived: boolean, isWanted: boolean): ChatList {
  const { news } = useDesk()
  const query = useInfiniteQuery({ ...chatPages(news, isArchived), enabled: isWanted })
  const pages = query.data?.pages ?? NO_PAGES
  const heard = useNews()
  const rows = useMemo(() => liveRows(pages, heard, isArchived), [pages, heard, isArchived])
  const { fetchNextPage, refetch } = query
  return {
    rows,
    state: query.data ? 'ready' : query.isError ? 'failed' : 'loading',
    more: moreOf(query),
    loadMore: () => void fetchNextPage({ cancelRefetch: false }),
    retry: () => void refetch(),
  }
}

/** What is known of a chat, of whose it is and of the e-mails about it. */
interface OpenChat {
  row: InboxRow | undefined
  user: SupportUser | undefined
  notifications: readonly SupportNotification[]
}

/** The open chat. Only what is seen is asked for: that views it. */
export function useOpenChat(chatId: string, isSeen: boolean): OpenChat {
  const { news } = useDesk()
  const heard = useNews()
  const active = useInfiniteQuery({ ...chatPages(news, false), enabled: false })
  const archived = useInfiniteQuery({ ...chatPages(news, true), enabled: false })
  const listed = [...(active.data?.pages ?? []), ...(archived.data?.pages ?? [])]
  const asked = useQuery({ ...oneChat(news, chatId), enabled: isSeen && !heard.removed.has(chatId) })
  const row = findRow(asked.data ? [...listed, asked.data] : listed, heard, chatId)
  return { row, user: asked.data?.user, notifications: asked.data?.notifications ?? NO_MAILS }
}

// Soon enough for a number in a title, and seldom enough for a desk with many admins.
const RECOUNT_MS = 250

/** How many active chats are unread: counted by the desk, again after whatever may have changed it. */
export function useUnreadCount(): number {
  const { news } = useDesk()
  const { position } = useNews()
  const { data, isFetching, refetch } = useQuery(unreadChats(news))
  const isStale = data !== undefined && data.asOf < position && !isFetching
  useEffect(() => {
    if (!isStale) return
    const timer = setTimeout(() => void refetch(), RECOUNT_MS)
    return () => clearTimeout(timer)
  }, [isStale, refetch])
  return data?.count ?? 0
}

/** Whether the chat was erased, or went over into another one, while it was on screen. */
export function useIsRemoved(chatId: string): boolean {
  return useNews().removed.has(chatId)
}

function useNews() {
  const { news } = useDesk()
  return useSyncExternalStore(news.subscribe, news.getSnapshot)
}

type Query = { hasNextPage: boolean; isFetchingNextPage: boolean; isFetchNextPageError: boolean }

function moreOf({ hasNextPage, isFetchingNextPage, isFetchNextPageError }: Query): ChatList['more'] {
  if (isFetchingNextPage) return 'loading'
  if (isFetchNextPageError) return 'failed'
  return hasNextPage ? 'some' : 'none'
}
