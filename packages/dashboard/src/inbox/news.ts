import type { AdminEvent } from '@deskbell/protocol'
import { type InboxRow, type News, rowFromEvent } from './rows.ts'

/** Keeps the latest that was heard of every chat, whoever said it: the desk, or this admin's own click. */
export interface NewsDesk {
  getSnapshot(): News
  subscribe(listener: () => void): () => void
  /** Takes an event of the admins' stream; unknown types and news older than what is known are ignored. */
  hear(event: AdminEvent): void
  /** Takes a row as true from now on, until something newer is heard. */
  tell(row: InboxRow): void
}

/** `soon` gathers the events of a burst into one notification. */
export function createNewsDesk(soon: (notify: () => void) => void): NewsDesk {
  const rows = new Map<string, { row: InboxRow; position: number }>()
  const removed = new Set<string>()
  const listeners = new Set<() => void>()
  let news: News = { position: 0, rows, removed }
  let isNotifying = false

  function note(row: InboxRow): void {
    const position = news.position + 1
    rows.set(row.id, { row, position })
    news = { ...news, position }
  }

  function noteRemoved(chatId: string): void {
    rows.delete(chatId)
    removed.add(chatId)
    news = { ...news, position: news.position + 1 }
  }

  function notify(): void {
    isNotifying = false
    for (const listener of listeners) listener()
  }

  return {
    getSnapshot: () => news,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    hear(event) {
      if (event.type === 'chat_removed') noteRemoved(event.chat_id)
      else {
        const row = rowFromEvent(event)
        const known = row && rows.get(row.id)?.row
        if (!row || removed.has(row.id) || (known && isOlder(event, row, known))) return
        note(row)
      }
      if (!isNotifying) soon(notify)
      isNotifying = true
    },
    tell(row) {
      note(row)
      notify()
    },
  }
}

/** Desks may tell each other's events late; a message never makes a count go back. */
function isOlder(event: AdminEvent, row: InboxRow, known: InboxRow): boolean {
  if (event.type === 'new_user_message') return row.messageCount <= known.messageCount
  return row.messageCount < known.messageCount
}
