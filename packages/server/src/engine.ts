import type { AdminEvent, ChatEvent, NewMessage } from '@deskbell/protocol'
import type { Logger } from 'pino'
import type { Store } from './store/store.ts'

/** Milliseconds since 1970. Passed in, so that a test can own the time. */
export interface Clock {
  now(): number
}

/** Something that was committed and that a stream's subscribers may want to know. */
export interface DeskEvent {
  stream: string
  event: AdminEvent | Exclude<ChatEvent, { type: 'message_rejected' }> | Revoked | Looked
  /** What admins are told instead, where they may know more. */
  forAdmins?: NewMessage
  /** The message that it is about, for desks that cannot be told the whole event. */
  source?: { chatId: string; seq: number }
}

/** The stream on which desks tell each other whose connections must end. */
export const REVOCATIONS = 'desk:revocations'

/** Whoever matches is not who they were any more: their connections end, on every desk. */
export interface Revoked {
  type: 'revoked'
  /** The person's external id. */
  id?: string
  /** A dashboard session. */
  session?: string
  /** The notice that says the same, where one is kept. */
  notice?: string
}

/** The stream on which desks tell each other what their users have before their eyes. */
export const LOOKS = 'desk:looks'

export interface Looked {
  type: 'looked'
  /** Whose users look. */
  desk: string
  chats: string[]
  isLooking: boolean
}

/** What the rooms count; `/metrics` shows it. */
export interface Meter {
  connections(kind: 'cable' | 'plain' | 'events', change: 1 | -1): void
  /** One transaction of the group commit: how many messages, how many seconds. */
  committed(messages: number, seconds: number): void
  delivered(frames: number): void
  /** What goes to other desks and comes from them. */
  hints(what: 'published' | 'received' | 'dropped' | 'repaired', count: number): void
  /** A length that is read whenever the metrics are. */
  watch(queue: string, length: () => number): void
}

/** What every rule of the desk needs: the store, time, ids, and somewhere to say what happened. */
export interface Engine {
  readonly store: Store
  readonly clock: Clock
  readonly newId: () => string
  readonly publish: (events: readonly DeskEvent[]) => void
  readonly meter: Meter
  readonly log: Logger
  /** Whether other desks work on the same database. */
  readonly hasOtherDesks: boolean
  /** How long a reply may stay unread before its user is e-mailed, in milliseconds; null where no e-mail is sent. */
  readonly notifyAfterMs: number | null
}
