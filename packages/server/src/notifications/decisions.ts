import { ADMIN_STREAM, type SupportNotification } from '@deskbell/protocol'
import type { DeskEvent } from '../engine.ts'
import type { Store } from '../store/store.ts'
import type { NotificationRow } from './outbox.ts'

/** A decision together with whose chat it is about. */
interface LoggedDecision extends SupportNotification {
  user_email: string | null
  external_id: string
  /** When the last of the replies was read, if it was. */
  read_at: string | null
}

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
    .limit(limit)
    .execute()
  return rows.reverse().map(shown)
}

/** The notifications of a chat that follow one of them, or the first ones, ascending. */
export async function notificationsAfter(
  { db }: Pick<Store, 'db'>,
  chatId: string,
  last: Pick<SupportNotification, 'from_seq' | 'id'> | null,
  limit: number,
): Promise<SupportNotification[]> {
  const { from_seq, id } = last ?? { from_seq: 0, id: '' }
  const rows = await db
    .selectFrom('support_notifications')
    .selectAll()
    .where('chat_id', '=', chatId)
    .where('from_seq', '>=', from_seq)
    .where((is) => is.or([is('from_seq', '>', from_seq), is('id', '>', id)]))
    .orderBy('from_seq')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(shown)
}

/** The newest notifications of all chats, ascending. */
export async function decisionLog({ db }: Pick<Store, 'db'>, limit: number): Promise<LoggedDecision[]> {
  const rows = await db
    .selectFrom('support_notifications')
    .innerJoin('support_chats', 'support_chats.id', 'support_notifications.chat_id')
    .innerJoin('support_users', 'support_users.id', 'support_chats.user_id')
    .leftJoin('support_messages', (join) =>
      join
        .onRef('support_messages.chat_id', '=', 'support_notifications.chat_id')
        .onRef('support_messages.seq', '=', 'support_notifications.through_seq'),
    )
    .selectAll('support_notifications')
    .select(['support_users.email as user_email', 'support_users.external_id', 'support_messages.read_at'])
    .orderBy('support_notifications.id', 'desc')
    .limit(limit)
    .execute()
  return rows.reverse().map((row) => {
    const { user_email, external_id, read_at } = row
    return { ...shown(row), user_email, external_id, read_at }
  })
}

/** Tells admins what is now known of a notification. */
export function notificationChanged(row: NotificationRow): DeskEvent {
  const event = { type: 'notification_changed' as const, chat_id: row.chat_id, notification: shown(row) }
  return { stream: ADMIN_STREAM, event }
}

/** A row as it travels. */
function shown(row: NotificationRow): SupportNotification {
  const { id, state, reason, detail, from_seq, through_seq, address } = row
  return { id, state, reason, detail, from_seq, through_seq, address, at: row.decided_at ?? row.due_at }
}
