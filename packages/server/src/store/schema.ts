import type { NotificationReason, NotificationState, SenderType } from '@deskbell/protocol'
import type { Generated } from 'kysely'

/** ISO 8601 in UTC with six decimals: text order is time order. */
export type Timestamp = string

interface UserTable {
  id: string
  external_id: string
  email: string | null
  name: string | null
  /** What the host tells of them, as JSON; null for nothing. */
  traits: string | null
  /** The language to write to them in, as a BCP 47 tag. */
  locale: string | null
  unsubscribed_at: Timestamp | null
  created_at: Timestamp
  updated_at: Timestamp
}

export interface ChatTable {
  id: string
  user_id: string
  last_message_at: Timestamp | null
  admin_viewed_at: Timestamp | null
  archived_at: Timestamp | null
  /** 1 when archived_at is set: computed by the database, so that both lists have one index. */
  archived: Generated<number>
  /** 1 when the user has written since an admin viewed it: computed, so that they are counted by an index. */
  unread: Generated<number>
  last_seq: number
  last_user_seq: number
  admin_viewed_seq: number
  user_read_seq: number
  last_message_preview: string | null
  last_message_sender: SenderType | null
  created_at: Timestamp
  updated_at: Timestamp
}

export interface MessageTable {
  /** Given by the database in the order of the inserts; what the search index knows a message by. */
  position: Generated<number>
  id: string
  chat_id: string
  seq: number
  client_id: string | null
  content: string
  sender_type: SenderType
  /** The admin's id, or 'user': a chat has one user, and a unique key ignores NULLs. */
  sender_id: string
  /** The name the sender had then: admins may live in the host app, and people leave. */
  sender_name: string | null
  read_at: Timestamp | null
  created_at: Timestamp
  updated_at: Timestamp
}

/** Attempts whose message is gone: the same one again is refused instead of stored. */
interface ErasedAttemptTable {
  /** SHA-256 of whose attempt it was and its client_id, in hexadecimal. */
  hash: string
  erased_at: Timestamp
}

/** The outbox of e-mails about replies, and afterwards what became of each. */
export interface NotificationTable {
  id: string
  chat_id: string
  /** The chat's id while it is pending, else null: a unique key that ignores NULLs leaves each chat one pending row. */
  pending_chat_id: string | null
  state: NotificationState
  reason: NotificationReason | null
  detail: string | null
  from_seq: number
  through_seq: number
  due_at: Timestamp
  attempts: number
  /** Whose turn it is to send it, and until when nobody else may. */
  lease: string | null
  leased_until: Timestamp | null
  address: string | null
  created_at: Timestamp
  decided_at: Timestamp | null
}

/** Addresses that refused a mail for good: nothing is sent to them any more. */
interface MailSuppressionTable {
  /** In lower case. */
  address: string
  detail: string
  created_at: Timestamp
}

/** By what its processes know that they are one desk: one row. */
interface DeskTable {
  id: string
}

/** What no row of a chat tells desks that missed it: who was sent away, and which chat is gone. */
interface NoticeTable {
  id: string
  event: string
  created_at: Timestamp
}

/** Tables by their default names; a prefix option renames them on the way to the database. */
export interface Database {
  support_users: UserTable
  support_chats: ChatTable
  support_messages: MessageTable
  support_erased_attempts: ErasedAttemptTable
  support_notifications: NotificationTable
  support_mail_suppressions: MailSuppressionTable
  support_desk: DeskTable
  support_notices: NoticeTable
}

/** Everything that a prefix option renames; the last four belong to the dashboard's sign-in, those before them to the search. */
export const TABLES = [
  'support_users',
  'support_chats',
  'support_messages',
  'support_erased_attempts',
  'support_message_words',
  'support_user_words',
  'support_user_numbers',
  'support_notifications',
  'support_mail_suppressions',
  'support_desk',
  'support_notices',
  'support_admins',
  'support_admin_sessions',
  'support_admin_accounts',
  'support_admin_verifications',
] as const
export const DEFAULT_PREFIX = 'support_'
