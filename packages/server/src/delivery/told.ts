import {
  ADMIN_STREAM,
  type AdminEvent,
  type ChatEvent,
  chatStream,
  type NewUserMessage,
  type SupportChatListItem,
} from '@deskbell/protocol'
import { REVOCATIONS, type Revoked } from '../engine.ts'
import type { Announcement } from './announcement.ts'

/** What this desk's listeners were told last of one chat. */
interface ToldChat {
  read?: number
  viewed?: number
  /** How its row in the admins' list looked, and how many messages it had. */
  row?: string
  count?: number
  at: number
}

const CHAT_PREFIX = chatStream('')

/** What a desk has told lately, so that nothing is told twice that was not lost. */
export class Told {
  readonly #chats = new Map<string, ToldChat>()
  readonly #notices = new Map<string, number>()

  /** Notes an event that is to be told now, of whichever desk. Tells whether it still says anything. */
  note(announcement: Announcement, now: number): boolean {
    const { stream, seq } = announcement
    // Each stream has events of its own.
    if (stream === ADMIN_STREAM) return this.#noteRow(announcement.event as AdminEvent, now)
    if (stream === REVOCATIONS) return this.#noteNotice(announcement.event as Revoked, now)
    if (seq === null && stream.startsWith(CHAT_PREFIX)) {
      this.#noteMark(stream.slice(CHAT_PREFIX.length), announcement.event as ChatEvent, now)
    }
    return true
  }

  chat(id: string): Readonly<ToldChat> | undefined {
    return this.#chats.get(id)
  }

  hasNotice(id: string): boolean {
    return this.#notices.has(id)
  }

  /** Forgets what was told before `then`, unless `isWanted` still needs to know. */
  forget(then: number, isWanted: (chatId: string) => boolean): void {
    for (const [id, { at }] of this.#chats) if (at < then && !isWanted(id)) this.#chats.delete(id)
    for (const [id, at] of this.#notices) if (at < then) this.#notices.delete(id)
  }

  #noteRow(event: AdminEvent, at: number): boolean {
    const chatId = event.type === 'chat_updated' ? event.chat.id : event.chat_id
    if (event.type === 'chat_removed') {
      this.#chats.delete(chatId)
      this.#notices.set(chatId, at)
    }
    if (event.type === 'chat_updated') {
      this.#set(chatId, { row: rowKey(event.chat), count: event.chat.message_count, at })
    }
    if (event.type === 'new_user_message') this.#noteMessage(event, at)
    return true
  }

  /** A message that is not new tells clients nothing of the row either. */
  #noteMessage({ chat_id, user_email, message: { seq } }: NewUserMessage, at: number): void {
    if (seq <= (this.#chats.get(chat_id)?.count ?? 0)) return
    const row = rowKey({ message_count: seq, unread: true, archived: false, user_email })
    this.#set(chat_id, { row, count: seq, at })
  }

  /** Whoever was sent away by a notice and has come back is not sent away by it again. */
  #noteNotice({ notice }: Revoked, at: number): boolean {
    if (notice === undefined) return true
    const isNew = !this.#notices.has(notice)
    this.#notices.set(notice, at)
    return isNew
  }

  #noteMark(chatId: string, event: ChatEvent, at: number): void {
    if (event.type === 'messages_read') this.#set(chatId, { read: event.through, at })
    if (event.type === 'messages_viewed') this.#set(chatId, { viewed: event.through, at })
  }

  #set(chatId: string, told: ToldChat): void {
    this.#chats.set(chatId, { ...this.#chats.get(chatId), ...told })
  }
}

/** What of a row in the list was told by either kind of event. */
export function rowKey(
  item: Pick<SupportChatListItem, 'message_count' | 'unread' | 'archived' | 'user_email'>,
): string {
  return JSON.stringify([item.message_count, item.unread, item.archived, item.user_email])
}
