import type { SupportMessage } from '@deskbell/protocol'
import type { Selectable } from 'kysely'
import type { MessageTable } from '../store/schema.ts'

export type MessageRow = Omit<Selectable<MessageTable>, 'position'>

/** A stored message as it travels. */
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
