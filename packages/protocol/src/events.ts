import type { ErrorCode } from './errors.ts'
import type {
  AdminSupportMessage,
  SupportChatListItem,
  SupportMessage,
  SupportNotification,
} from './shapes.ts'

/** A message was committed; admins are told which of them wrote it. */
export interface NewMessage {
  type: 'new_message'
  message: SupportMessage | AdminSupportMessage
}

/** The user has read the admins' messages up to `through`. */
export interface MessagesRead {
  type: 'messages_read'
  through: number
  read_at: string
}

/** An admin has seen the user's messages up to `through`. */
export interface MessagesViewed {
  type: 'messages_viewed'
  through: number
}

/** A sent message was not stored; only the subscription that sent it hears of it. */
export interface MessageRejected {
  type: 'message_rejected'
  client_id: string | null
  error: { code: ErrorCode; message: string; retry_after?: number }
}

/** What travels on a chat's stream. Unknown types are to be ignored. */
export type ChatEvent = NewMessage | MessagesRead | MessagesViewed | MessageRejected

/** A user wrote; the row of their chat moves to the top, unread and active. */
export interface NewUserMessage {
  type: 'new_user_message'
  chat_id: string
  user_email: string | null
  message: SupportMessage
}

/** A row of the admins' list changed for any other reason. */
export interface ChatUpdated {
  type: 'chat_updated'
  chat: SupportChatListItem
}

/** A chat is gone: its user was erased, or it went over to the user that a visitor turned out to be. */
export interface ChatRemoved {
  type: 'chat_removed'
  chat_id: string
}

/** It was decided whether a chat's user is e-mailed about replies, or the decision was put off. */
export interface NotificationChanged {
  type: 'notification_changed'
  chat_id: string
  notification: SupportNotification
}

/** Whether a chat's user is e-mailed at all has changed: by their own wish, or as an admin allows their address again. */
export interface UserMailChanged {
  type: 'user_mail_changed'
  chat_id: string
}

/** What travels on the admins' stream. Unknown types are to be ignored. */
export type AdminEvent = NewUserMessage | ChatUpdated | ChatRemoved | NotificationChanged | UserMailChanged
