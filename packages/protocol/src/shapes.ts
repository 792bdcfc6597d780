/** Who wrote a message. */
export type SenderType = 'user' | 'admin'

/** One text in a chat. Times are ISO 8601 in UTC with six decimals; `seq` counts 1, 2, 3 … in its chat. */
export interface SupportMessage {
  id: string
  seq: number
  client_id: string | null
  content: string
  sender_type: SenderType
  /** The name under which it was sent. */
  sender_name: string | null
  /** When the user read an admin's message; always null on the user's own. */
  read_at: string | null
  created_at: string
}

/** A message as admins see it. */
export interface AdminSupportMessage extends SupportMessage {
  /** Which admin wrote it, by the id that `GET /admin/me` tells each. Users are told the name alone. */
  sender_id?: string | undefined
}

/** A user's own chat: its newest messages, ascending, and how many replies they have not read. */
export interface SupportChat {
  id: string
  messages: SupportMessage[]
  has_more: boolean
  unread_count: number
  /** A visitor whose address is not known: nobody could write to them. */
  contact_needed: boolean
}

/** What can be told about a user's chat without creating it. */
export interface SupportChatSummary {
  exists: boolean
  unread_count: number
}

/** One row of the admins' list. */
export interface SupportChatListItem {
  id: string
  user_id: string
  user_email: string | null
  user_name: string | null
  last_message_at: string | null
  last_message_preview: string | null
  last_message_sender: SenderType | null
  message_count: number
  unread: boolean
  archived: boolean
}

/** What can be told of all chats at once. */
export interface SupportChatsSummary {
  /** Active chats with a message of their user that no admin has viewed. */
  unread_count: number
}

/** Whether a user is e-mailed about replies: it waits, was sent, need not or may not be, or could not be delivered. */
export type NotificationState = 'pending' | 'sent' | 'skipped' | 'failed'

/**
 * Why a notification is not sent, or not yet. Skipped: `read`, `archived`, `unsubscribed`, `no_address`, `suppressed`
 * (the address refused an earlier mail). Failed: `refused`, `gave_up`. Pending: `looking` (the chat is in sight),
 * `limited` (too many mails to the address), `retrying`.
 */
export type NotificationReason =
  | ('read' | 'archived' | 'unsubscribed' | 'no_address' | 'suppressed')
  | ('refused' | 'gave_up')
  | ('looking' | 'limited' | 'retrying')

/** What became of the e-mail about the admins' messages `from_seq` to `through_seq` of a chat. */
export interface SupportNotification {
  id: string
  state: NotificationState
  reason: NotificationReason | null
  /** What the mail server said, where that is the reason. */
  detail: string | null
  from_seq: number
  through_seq: number
  /** Where it went, or would have gone. */
  address: string | null
  /** When it was decided; while it is pending, when it is due. */
  at: string
}

/** A chat as an admin reads it. `user_id` is the desk's id of the user, not the host's. */
export interface AdminSupportChat {
  id: string
  user_id: string
  user_email: string | null
  user_name: string | null
  archived: boolean
  messages: AdminSupportMessage[]
  has_more: boolean
  user: SupportUser
  /** The newest notifications of the chat, ascending. */
  notifications: SupportNotification[]
}

/** What the host app tells of a user beside who they are: a flat object of at most 20 keys. */
export type Traits = Record<string, string | number | boolean>

/** A user or visitor as an admin sees them; `id` is the desk's, `external_id` the host's. */
export interface SupportUser {
  id: string
  external_id: string
  email: string | null
  name: string | null
  is_visitor: boolean
  first_seen_at: string
  traits: Traits
  /** The language to write to them in, as a BCP 47 tag. */
  locale: string | null
  /** When they asked for no more e-mails; null while they get them. */
  unsubscribed_at: string | null
  /** How their address refused an e-mail: none is sent to it any more. */
  mail_refusal: MailRefusal | null
  /** Messages of their chat, those of admins among them. */
  message_count: number
}

/** What a mail server said when it refused an address for good, and when. */
export interface MailRefusal {
  detail: string
  at: string
}

/** The code units from the first number up to the second one, of the text beside it. */
export type TextRange = [start: number, end: number]

/** Where a search found something: plain text around it, and what of this text was found. */
export type SearchMatch =
  | { field: 'email' | 'name'; excerpt: string; highlights: TextRange[] }
  | {
      field: 'content'
      seq: number
      sender_type: SenderType
      sender_name: string | null
      created_at: string
      excerpt: string
      highlights: TextRange[]
    }

/** A chat that a search found, and where in it. There is at least one match, the newest message first. */
export interface SearchHit {
  chat: SupportChatListItem
  matches: SearchMatch[]
}

/** Everything that is kept on a user, as `GET /admin/users/:id/export` answers. */
export interface SupportUserExport {
  exported_at: string
  user: SupportUser
  /** Null for someone who never opened one. */
  chat: SupportChatListItem | null
  /** Ascending by seq. */
  messages: SupportMessage[]
  /** What became of each e-mail, ascending by the messages that they are about. */
  notifications: SupportNotification[]
}

/** What `DELETE /admin/users/:id` asks for: the user's e-mail address or external id, typed again. */
export interface EraseUser {
  confirm: string
}

/** The calling admin. */
export interface AdminProfile {
  id: string
  name: string | null
  email: string | null
  /** Whether they signed in to this dashboard, and so have a name and a password here to change. */
  has_account: boolean
}

/** What `PATCH /admin/account` takes. */
export interface ChangeName {
  name: string
}

/** What `POST /admin/account/password` takes. Every other session ends. */
export interface ChangePassword {
  current_password: string
  new_password: string
}

/** What `POST /visitors` answers: a signed identity for someone who is not signed in. */
export interface VisitorToken {
  token: string
}
