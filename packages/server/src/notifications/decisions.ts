import type { SupportNotification } from '@deskbell/protocol'
import type { Store } from '../store/store.ts'
import type { NotificationRow } from './outbox.ts'

/** The newest notifications of a chat, ascending. */
export async function notificationsOf(
  { db }: Pick<Store, 'db'>,
  chatId: string,
  limit: number,
): Promise<SupportNotification[]> {
  const rows = await db
    .selectFrom('support_notifications')
    .selectAll()
    .where('chat_id', '=', chatId)
    .orderBy('from_seq', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.reverse().map(shown)
}

/** A row as it travels. */
export function shown(row: NotificationRow): SupportNotification {
  const { id, state, reason, detail, from_seq, through_seq, address } = row
  return { id, state, reason, detail, from_seq, through_seq, address, at: row.decided_at ?? row.due_at }
}
