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

/** A chat as an admin reads it. `user_id` is the desk's id of the user, not the host's. */
export interface AdminSupportChat {
  id: string
  user_id: string
  user_email: string | null
  user_name: string | null
  archived: boolean
  messages: SupportMessage[]
  has_more: boolean
}

/** What `POST /visitors` answers: a signed identity for someone who is not signed in. */
export interface VisitorToken {
  token: string
}
