import type { ClientMessage, ConversationSnapshot, Failure, Status } from '@deskbell/client'

/** What a host's app can show of its user's chat. Never changed; a visible change makes a new one. */
export interface ChatState {
  /** Null until there is one. */
  readonly chat: { readonly id: string; readonly hasOlder: boolean; readonly isLoadingOlder: boolean } | null
  /** The stored ones in the chat's order, then those not yet stored, as they were written. */
  readonly messages: readonly ClientMessage[]
  readonly status: Status
  /** Messages arrive by themselves. */
  readonly connected: boolean
  /** Nothing is known of the chat yet. */
  readonly loading: boolean
  /** Why the chat cannot be had now. */
  readonly error: Failure | null
  /** Replies that the user has not seen. */
  readonly unreadCount: number
  /** Whether the panel at the launcher is open. */
  readonly isOpen: boolean
}

/** What can be done with it. These functions may be passed around. */
export interface ChatVerbs {
  /** Sends a text, less surrounding white space; returns its client_id, or '' for one that cannot be sent. */
  readonly sendMessage: (text: string) => string
  /** What was shown, up to the seq `through`, has been seen; without it, everything that is loaded. */
  readonly markAsRead: (through?: number) => void
  /** Tries a failed message again, by its `clientId`. */
  readonly retry: (clientId: string) => void
  /** Loads the page before the oldest message. */
  readonly loadOlder: () => Promise<void>
  /** Opens the panel at the launcher, at once or when there is one. */
  readonly open: () => void
  readonly close: () => void
  /** The user signed out: leaves no trace on this machine. */
  readonly logout: () => void
}

/** Before a conversation begins, and on a server. */
export const INITIAL_STATE: ChatState = {
  ...{ chat: null, messages: [], status: 'connecting', connected: false, loading: true, error: null },
  ...{ unreadCount: 0, isOpen: false },
}

export function stateOf(snapshot: ConversationSnapshot): Omit<ChatState, 'isOpen'> {
  const { status, phase, error, chatId, messages, hasOlder, isLoadingOlder, unreadCount } = snapshot
  return {
    ...{ messages, status, error, unreadCount },
    chat: chatId === null ? null : { id: chatId, hasOlder, isLoadingOlder },
    connected: status !== 'connecting' && status !== 'offline',
    loading: phase === 'idle' || phase === 'loading',
  }
}
