import { ADMIN_STREAM, type AdminEvent } from '@deskbell/protocol'
import type { Announcement } from './announcement.ts'

/** Longer than anything of a chat can be on its way. */
const KEPT_MS = 60_000

/** A removal is the last word on a chat, whatever else of it was committed before and is told only now. */
export class Removals {
  /** When each chat was removed, the first one first. */
  readonly #chats = new Map<string, number>()

  /** Whether what is announced still says anything. */
  allows(announcement: Pick<Announcement, 'stream' | 'event' | 'at'>): boolean {
    if (announcement.stream !== ADMIN_STREAM) return true
    const row = announcement.event as AdminEvent // the stream has no others
    const chatId = row.type === 'chat_updated' ? row.chat.id : row.chat_id
    if (this.#chats.has(chatId)) return false
    if (row.type === 'chat_removed') this.#keep(chatId, announcement.at)
    return true
  }

  #keep(chatId: string, now: number): void {
    for (const [id, at] of this.#chats) {
      if (now - at < KEPT_MS) break
      this.#chats.delete(id)
    }
    this.#chats.set(chatId, now)
  }
}
