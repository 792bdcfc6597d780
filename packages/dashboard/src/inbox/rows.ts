import {
  type AdminEvent,
  PREVIEW_LENGTH,
  type SenderType,
  type SupportChatListItem,
} from '@deskbell/protocol'

/** One card of the list. */
export interface InboxRow {
  id: string
  email: string | null
  name: string | null
  lastMessageAt: string | null
  preview: string | null
  lastSender: SenderType | null
  messageCount: number
  isUnread: boolean
  isArchived: boolean
}

/** Some consecutive rows as the desk listed them. `asOf` is the news position when they were asked for. */
export interface InboxPage {
  rows: readonly InboxRow[]
  next: string | null
  asOf: number
}

/** The latest that was heard of each chat, and when, counted in `position`s. */
export interface News {
  position: number
  rows: ReadonlyMap<string, { row: InboxRow; position: number }>
  /** Chats that do not exist any more: an id is never given twice. */
  removed: ReadonlySet<string>
}

export function rowFrom(chat: SupportChatListItem): InboxRow {
  return {
    id: chat.id,
    email: chat.user_email,
    name: chat.user_name,
    lastMessageAt: chat.last_message_at,
    preview: chat.last_message_preview,
    lastSender: chat.last_message_sender,
    messageCount: chat.message_count,
    isUnread: chat.unread,
    isArchived: chat.archived,
  }
}

/** The row that an event describes, or null for an event type from a newer desk. */
export function rowFromEvent(event: AdminEvent): InboxRow | null {
  switch (event.type) {
    case 'chat_updated':
      return rowFrom(event.chat)
    case 'new_user_message':
      return {
        id: event.chat_id,
        email: event.user_email,
        name: event.message.sender_name,
        lastMessageAt: event.message.created_at,
        preview: previewOf(event.message.content),
        lastSender: 'user',
        messageCount: event.message.seq,
        isUnread: true,
        isArchived: false,
      }
    default:
      return null
  }
}

function previewOf(content: string): string {
  const line = content.slice(0, PREVIEW_LENGTH * 4).replace(/\s+/gu, ' ')
  return Array.from(line).slice(0, PREVIEW_LENGTH).join('')
}

/** The order of the desk's list: newest first, then the greater id. */
export function byNewest(a: InboxRow, b: InboxRow): number {
  const [atA, atB] = [a.lastMessageAt ?? '', b.lastMessageAt ?? '']
  if (atA !== atB) return atA > atB ? -1 : 1
  if (a.id === b.id) return 0
  return a.id > b.id ? -1 : 1
}

/**
 * One tab's rows as they are now: the pages as they were listed, brought up to date by what was heard since
 * each was asked for. Rows beyond the last loaded page are left for the page that will bring them.
 */
export function liveRows(pages: readonly InboxPage[], news: News, isArchived: boolean): InboxRow[] {
  const rows = new Map<string, InboxRow>()
  for (const page of pages) {
    for (const listed of page.rows) rows.set(listed.id, newest(listed, page.asOf, news))
  }
  for (const [id, heard] of news.rows) {
    if (rows.has(id)) continue
    const page = pages.find((candidate) => covers(candidate, heard.row))
    if (page && page.asOf < heard.position) rows.set(id, heard.row)
  }
  return [...rows.values()]
    .filter((row) => row.isArchived === isArchived && !news.removed.has(row.id))
    .sort(byNewest)
}

/** What is known of one chat, in whichever tab it is; undefined while nothing is. */
export function findRow(pages: readonly InboxPage[], news: News, id: string): InboxRow | undefined {
  if (news.removed.has(id)) return undefined
  const known = pages.flatMap((page) => {
    const listed = page.rows.find((row) => row.id === id)
    return listed ? [{ listed, asOf: page.asOf }] : []
  })
  const [latest] = known.sort((a, b) => b.asOf - a.asOf)
  return latest ? newest(latest.listed, latest.asOf, news) : news.rows.get(id)?.row
}

function newest(listed: InboxRow, asOf: number, news: News): InboxRow {
  const heard = news.rows.get(listed.id)
  if (!heard || heard.position <= asOf) return listed
  // The page was read after a message whose event is still on its way.
  if (heard.row.messageCount < listed.messageCount) return listed
  return heard.row
}

function covers(page: InboxPage, row: InboxRow): boolean {
  const last = page.rows.at(-1)
  return page.next === null || (last !== undefined && byNewest(row, last) <= 0)
}
