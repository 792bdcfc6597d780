import type { SenderType } from '@deskbell/protocol'

/** A chat as it lies in the database. */
export interface StoredChat {
  id: string
  email: string | null
  lastSeq: number
  lastUserSeq: number
  userReadSeq: number
  adminViewedSeq: number
}

export interface StoredMessage {
  chatId: string
  seq: number
  clientId: string | null
  content: string
  side: SenderType
  /** ISO 8601 in UTC with six decimals. */
  createdAt: string
  readAt: string | null
}

/** What was decided about an e-mail. */
export interface StoredNotification {
  chatId: string
  state: 'pending' | 'sent' | 'skipped' | 'failed'
  reason: string | null
  fromSeq: number
  throughSeq: number
  dueAt: string
  leasedUntil: string | null
}

/** Everything that lies in the database at the end, by seq within a chat, and what time it is there. */
export interface Stored {
  now: string
  chats: StoredChat[]
  messages: StoredMessage[]
  notifications: StoredNotification[]
}

/** One client's view of a chat at the end. */
export interface View {
  client: string
  chatId: string
  side: SenderType
  messages: { seq: number | null; clientId: string | null; content: string; senderId: string | undefined }[]
  unreadCount: number
  /** How long after everything had healed it showed all that was stored then; null where it never did. */
  caughtUpAfterMs: number | null
}

/** A mail that the mail server took. */
interface Mail {
  messageId: string
  to: readonly string[]
}

/** How everything lies once it has healed and come to rest. */
export interface Ending {
  stored: Stored
  views: View[]
  /** How the rows of admins' lists differ from the database. */
  wrongRows: string[]
  mails: Mail[]
}
