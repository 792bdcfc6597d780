import type { Chat } from '../chats/chat.ts'
import { micros, timestamp } from '../store/time.ts'
import { preview } from './draft.ts'
import type { MessageRow } from './message.ts'

/** Where the next message of a locked chat goes; `now` is in microseconds since 1970. */
export function nextPlace(chat: Chat, now: number) {
  // Later than the message before it, whatever the clock says.
  const previous = chat.last_message_at === null ? 0 : micros(chat.last_message_at)
  const at = timestamp(Math.max(now, previous + 1))
  return { chat_id: chat.id, seq: chat.last_seq + 1, created_at: at, updated_at: timestamp(now) }
}

/** Makes `row` the newest message of the chat. */
export function advance(chat: Chat, row: MessageRow): Chat {
  chat.last_seq = row.seq
  chat.last_message_at = row.created_at
  chat.last_message_preview = preview(row.content)
  chat.last_message_sender = row.sender_type
  // By the clock as it is: that is how other desks look for what changed.
  chat.updated_at = row.updated_at
  if (row.sender_type === 'user') {
    chat.last_user_seq = row.seq
    chat.archived_at = null
  }
  return chat
}
