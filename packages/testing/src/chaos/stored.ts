import type { SenderType } from '@deskbell/protocol'
import type { InboxRow } from '../../../dashboard/src/inbox/rows.ts'
import type { Stored, StoredNotification } from './ending.ts'
import type { Mark } from './history.ts'
import type { Reader } from './reader.ts'

/** Everything that there is. */
export async function stored(reader: Reader): Promise<Stored> {
  const chats = await reader.query(
    `select c.id, u.email, c.last_seq, c.last_user_seq, c.user_read_seq, c.admin_viewed_seq
     from support_chats c join support_users u on u.id = c.user_id`,
  )
  const messages = await reader.query(
    `select chat_id, seq, client_id, content, sender_type, ${reader.time('created_at')} as created_at,
       ${reader.time('read_at')} as read_at from support_messages order by chat_id, seq`,
  )
  const notifications = await reader.query(
    `select chat_id, state, reason, from_seq, through_seq, ${reader.time('due_at')} as due_at,
       ${reader.time('leased_until')} as leased_until from support_notifications`,
  )
  const [{ now } = { now: '' }] = await reader.query(`select ${reader.now} as now`)
  return {
    now: String(now),
    chats: chats.map((row) => ({
      id: String(row.id),
      email: text(row.email),
      lastSeq: Number(row.last_seq),
      lastUserSeq: Number(row.last_user_seq),
      userReadSeq: Number(row.user_read_seq),
      adminViewedSeq: Number(row.admin_viewed_seq),
    })),
    messages: messages.map((row) => ({
      chatId: String(row.chat_id),
      seq: Number(row.seq),
      clientId: text(row.client_id),
      content: String(row.content),
      side: row.sender_type as SenderType,
      createdAt: String(row.created_at),
      readAt: text(row.read_at),
    })),
    notifications: notifications.map((row) => ({
      chatId: String(row.chat_id),
      state: row.state as StoredNotification['state'],
      reason: text(row.reason),
      fromSeq: Number(row.from_seq),
      throughSeq: Number(row.through_seq),
      dueAt: String(row.due_at),
      leasedUntil: text(row.leased_until),
    })),
  }
}

/** How many e-mails were decided how. */
export async function decisions(reader: Reader): Promise<Record<StoredNotification['state'], number>> {
  const rows = await reader.query(
    'select state, count(*) as number from support_notifications group by state',
  )
  const counts = rows.map((row) => [String(row.state), Number(row.number)])
  return { pending: 0, sent: 0, skipped: 0, failed: 0, ...Object.fromEntries(counts) }
}

/** How far each chat is now. */
export async function marks(reader: Reader): Promise<Mark[]> {
  const rows = await reader.query('select id, last_seq, user_read_seq, admin_viewed_seq from support_chats')
  const atMs = performance.now()
  return rows.map((row) => ({
    chatId: String(row.id),
    lastSeq: Number(row.last_seq),
    userReadSeq: Number(row.user_read_seq),
    adminViewedSeq: Number(row.admin_viewed_seq),
    atMs,
  }))
}

/** Which of these attempts are stored. */
export async function storedAttempts(reader: Reader, clientIds: readonly string[]): Promise<Set<string>> {
  const list = clientIds.map((id) => `'${id.replace(/[^\w-]/g, '')}'`).join(', ')
  const rows = await reader.query(`select client_id from support_messages where client_id in (${list})`)
  return new Set(rows.map((row) => String(row.client_id)))
}

/** All chats as the admins' list shows them, in no order. */
export async function storedRows(reader: Reader): Promise<InboxRow[]> {
  const rows = await reader.query(
    `select c.id, u.email, u.name, ${reader.time('c.last_message_at')} as last_message_at,
       c.last_message_preview, c.last_message_sender, c.last_seq,
       case when c.last_user_seq > c.admin_viewed_seq then 1 else 0 end as unread,
       case when c.archived_at is not null then 1 else 0 end as archived
     from support_chats c join support_users u on u.id = c.user_id`,
  )
  return rows.map((row) => ({
    id: String(row.id),
    email: text(row.email),
    name: text(row.name),
    lastMessageAt: text(row.last_message_at),
    preview: text(row.last_message_preview),
    lastSender: row.last_message_sender as SenderType | null,
    messageCount: Number(row.last_seq),
    isUnread: Number(row.unread) === 1,
    isArchived: Number(row.archived) === 1,
  }))
}

/** MySQL gives what is kept in a binary collation as bytes. */
const text = (value: unknown) => (value === null ? null : String(value))
