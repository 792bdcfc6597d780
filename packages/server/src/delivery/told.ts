import {
  ADMIN_STREAM,
  type AdminEvent,
  type ChatEvent,
  chatStream,
  type SupportChatListItem,
} from '@deskbell/protocol'
import { REVOCATIONS, type Revoked } from '../engine.ts'

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

  /** Notes an event that is told now, of whichever desk. */
  note(stream: string, json: string, now: number): void {
    if (stream === ADMIN_STREAM) this.#noteRow(JSON.parse(json) as AdminEvent, now)
    else if (stream === REVOCATIONS) this.#noteNotice(JSON.parse(json) as Revoked, now)
    else if (json.startsWith('{"type":"messages_')) {
      this.#noteMark(stream.slice(CHAT_PREFIX.length), JSON.parse(json) as ChatEvent, now)
    }
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

  #noteRow(event: AdminEvent, at: number): void {
    switch (event.type) {
      case 'chat_updated':
        return this.#set(event.chat.id, { row: rowKey(event.chat), count: event.chat.message_count, at })
      case 'new_user_message': {
        const { message, user_email } = event
        const row = rowKey({ message_count: message.seq, unread: true, archived: false, user_email })
        return this.#set(event.chat_id, { row, count: message.seq, at })
      }
      case 'chat_removed':
        this.#chats.delete(event.chat_id)
        return void this.#notices.set(event.chat_id, at)
    }
  }

  #noteNotice({ notice }: Revoked, at: number): void {
    if (notice !== undefined) this.#notices.set(notice, at)
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
