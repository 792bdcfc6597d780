import { ADMIN_STREAM, type AdminSupportMessage, chatStream, type SupportMessage } from '@deskbell/protocol'
import type { Selectable } from 'kysely'
import type { DeskEvent } from '../engine.ts'
import type { MessageTable } from '../store/schema.ts'

export type MessageRow = Omit<Selectable<MessageTable>, 'position'>

/** A stored message as its user sees it: of who answered they learn the name, not the id. */
export function message(row: MessageRow): SupportMessage {
  return {
    id: row.id,
    seq: row.seq,
    client_id: row.client_id,
    content: row.content,
    sender_type: row.sender_type,
    sender_name: row.sender_name,
    read_at: row.read_at,
    created_at: row.created_at,
  }
}

/** A stored message as admins see it. */
export function adminMessage(row: MessageRow): AdminSupportMessage {
  return row.sender_type === 'admin' ? { ...message(row), sender_id: row.sender_id } : message(row)
}

/** Tells a chat's stream of a message. */
export function newMessage(row: MessageRow): DeskEvent {
  const event = { type: 'new_message' as const, message: message(row) }
  const forAdmins = row.sender_type === 'admin' ? { ...event, message: adminMessage(row) } : undefined
  const source = { chatId: row.chat_id, seq: row.seq }
  return { stream: chatStream(row.chat_id), event, source, ...(forAdmins && { forAdmins }) }
}

/** Tells the admins' list of a user's message. */
export function newUserMessage(row: MessageRow, userEmail: string | null): DeskEvent {
  const told = { chat_id: row.chat_id, user_email: userEmail, message: message(row) }
  const source = { chatId: row.chat_id, seq: row.seq }
  return { stream: ADMIN_STREAM, event: { type: 'new_user_message', ...told }, source }
}
