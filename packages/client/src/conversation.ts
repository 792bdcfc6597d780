import type { Status } from './connection.ts'
import type { ClientMessage } from './message-log.ts'
import type { Answer, Failure } from './rest.ts'

/** All that a view shows of a conversation. Never changed; a visible change makes a new one. */
export interface ConversationSnapshot {
  readonly status: Status
  readonly phase: 'idle' | 'loading' | 'ready' | 'failed'
  readonly error: Failure | null
  /** Null until there is a chat. */
  readonly chatId: string | null
  /** The stored ones by seq, then those not yet stored, as they were written. */
  readonly messages: readonly ClientMessage[]
  readonly hasOlder: boolean
  readonly isLoadingOlder: boolean
  /** Messages of the other side that this side has not seen. */
  readonly unreadCount: number
  /** A visitor of unknown address: nobody could write to them. */
  readonly isContactNeeded: boolean
}

/** Where a visitor can be reached. A name that is left out stays as it is. */
export interface Contact {
  email: string
  name?: string
}

/** One chat, from one side; made for `useSyncExternalStore`. */
export interface Conversation {
  /** Returns how to stop listening. */
  subscribe(listener: () => void): () => void
  getSnapshot(): ConversationSnapshot
  /** Loads the chat and follows it; resolves after the first attempt, and goes on trying by itself. */
  open(): Promise<void>
  /** Sends a text, less surrounding white space; returns its client_id, or '' for a blank one. */
  send(content: string): string
  retry(clientId: string): void
  /** Forgets a failed message. */
  discard(clientId: string): void
  /** What was shown, up to `through`, has been seen; without it, everything in the snapshot. */
  markRead(through?: number): void
  /** Whether someone has it before their eyes: of what they see, nobody writes e-mails to them meanwhile. */
  look(isLooking: boolean): void
  loadOlder(): Promise<void>
  /** Visitors only, and only once there is a chat: for everyone else it fails with `forbidden` or `not_found`. */
  leaveContact(contact: Contact): Promise<Answer<unknown>>
  /** Ends it: no timer or socket is left. Unsent messages stay in the storage. */
  close(): void
  /** Ends it and forgets what was unsent. */
  forget(): void
}
