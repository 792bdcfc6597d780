import { user, VisitorStorage, visitor } from './caller.ts'
import { ChatConversation } from './chat-conversation.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Connection } from './connection.ts'
import type { Conversation } from './conversation.ts'
import { adminDoor, ownDoor } from './door.ts'
import { Ladder } from './ladder.ts'
import { Rest } from './rest.ts'
import type { Signals } from './signals.ts'
import type { KeyStorage } from './storage.ts'
import { type TokenSource, Tokens } from './tokens.ts'
import type { Locks } from './turn.ts'
import type { FillRandom } from './uuid.ts'

/** What may be passed in instead of taken from `globalThis`. */
export interface Surroundings {
  fetch?: typeof fetch | undefined
  WebSocket?: typeof WebSocket | undefined
  clock?: Clock | undefined
  /** From 0 up to 1, as `Math.random`. */
  random?: (() => number) | undefined
  /** As `crypto.getRandomValues`. */
  fillRandom?: FillRandom | undefined
  signals?: Signals | undefined
  /**
   * Keeps unsent messages over a reload and shares them with the other tabs; nothing is written before the first one.
   * Without it they last as long as the page.
   */
  storage?: KeyStorage | undefined
  /** As `navigator.locks`: they let one tab at a time send. Null where there are none: then a lease in the storage does. */
  locks?: Locks | null | undefined
  /** Tells that another tab has changed the storage, as the event `storage` of a window does. */
  storageSignals?: Signals | undefined
}

/** Where a user's own chat is, and whose it is. */
export interface SupportChatOptions extends Surroundings {
  /** The desk's REST base without a slash at the end, such as `https://desk.example/api`. */
  baseUrl: string
  /** The `wss:` address of its cable. */
  cableUrl: string
  /** Left out where the host's own cookie says who is calling. */
  token?: TokenSource | undefined
  /** Nobody is signed in: an identity is asked for with the first message. */
  isVisitor?: boolean | undefined
  /** The chat is known to exist, so that need not be asked first. */
  isKnown?: boolean | undefined
}

/** Which chat an admin answers. */
export interface AdminChatOptions extends Surroundings {
  baseUrl: string
  /** The admin's cable, shared by everything on the page; it stays open when the conversation closes. */
  connection: Connection
  chatId: string
  token?: TokenSource | undefined
}

/**
 * The caller's own chat. Creates nothing, and opens no socket, before there is a chat or a first message.
 * @example
 * const chat = createSupportChat({ baseUrl: 'https://desk.example/api', cableUrl: 'wss://desk.example/cable', token })
 * await chat.open()
 * chat.send('Where is my parcel?')
 */
export function createSupportChat(options: SupportChatOptions): Conversation {
  const parts = surroundings(options)
  const visitors = new VisitorStorage(options.storage, options.baseUrl)
  const tokens = new Tokens(options.isVisitor ? () => visitors.read() : options.token, parts.clock)
  const rest = new Rest({ ...options, ...parts, tokens, restored: () => chat.restart() })
  const caller = options.isVisitor ? visitor(rest, visitors, tokens) : user(rest, visitors)
  let connection: Connection | null = null
  const chat = new ChatConversation({
    ...parts,
    // The same user of another desk is someone else.
    owner() {
      const name = options.isVisitor ? 'visitor' : tokens.subject
      return name && `${name}:${options.baseUrl}`
    },
    door: ownDoor(rest, caller, options.isKnown ?? false),
    connect() {
      connection?.close()
      const feedOf = () => ({ rest, path: '/support_chat/events' })
      connection = new Ladder({ ...options, ...parts, url: options.cableUrl, tokens, feedOf })
      return connection
    },
    disconnect() {
      connection?.close()
      rest.close()
    },
  })
  return chat
}

/**
 * One chat as an admin sees it; opening views it.
 * @example const chat = createAdminChat({ baseUrl: '/api', connection, chatId })
 */
export function createAdminChat(options: AdminChatOptions): Conversation {
  const parts = surroundings(options)
  const tokens = new Tokens(options.token, parts.clock)
  const rest = new Rest({ ...options, ...parts, tokens, restored: () => chat.restart() })
  const chat = new ChatConversation({
    ...parts,
    owner: () => options.chatId,
    door: adminDoor(rest, options.chatId),
    connect: () => options.connection,
    disconnect: () => rest.close(),
  })
  return chat
}

function surroundings(options: Surroundings) {
  const { storage, signals, locks, storageSignals, clock, random, fillRandom } = options
  return {
    storage,
    signals,
    locks,
    storageSignals,
    clock: clock ?? systemClock,
    random: random ?? Math.random,
    fillRandom: fillRandom ?? ((bytes: Uint8Array<ArrayBuffer>) => globalThis.crypto.getRandomValues(bytes)),
  }
}
