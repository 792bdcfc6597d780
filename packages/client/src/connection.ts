import { ADMIN_CHANNEL, CHAT_CHANNEL } from '@deskbell/protocol'
import type { ChannelHandlers, ChannelSubscription } from './channel.ts'
import { type Clock, systemClock } from './clock.ts'
import { Ladder } from './ladder.ts'
import { Rest } from './rest.ts'
import type { Signals } from './signals.ts'
import { type TokenSource, Tokens } from './tokens.ts'

/**
 * `connecting`: not yet, or lost a moment ago. `polling`: reached, and asked every few seconds. `offline`: an attempt
 * failed; it goes on trying.
 */
export type Status = 'connecting' | 'online' | 'polling' | 'offline'

/** Where to connect, and as whom. What is left out comes from `globalThis`. */
export interface ConnectionOptions {
  /** `ws:` or `wss:` address of the desk's cable. */
  url: string
  /** The desk's REST base without a slash at the end, for where no socket can be had; without it, only the cable is used. */
  baseUrl?: string | undefined
  token?: TokenSource | undefined
  fetch?: typeof fetch | undefined
  WebSocket?: typeof WebSocket | undefined
  clock?: Clock | undefined
  /** From 0 up to 1, as `Math.random`. */
  random?: (() => number) | undefined
  signals?: Signals | undefined
}

/** A channel of the desk. */
export interface ChannelParams {
  channel: string
  [name: string]: string
}

/** A connection to the desk that heals by itself until it is closed, by whatever way there is. */
export interface Connection {
  readonly status: Status
  /** Returns how to stop listening. */
  onStatus(listener: () => void): () => void
  subscribe(params: ChannelParams, handlers: ChannelHandlers): ChannelSubscription
  /** The page is visible or the network back: look now instead of at the next turn. */
  wake(): void
  /** Ends it for good; no timer, request or socket is left. */
  close(): void
}

/**
 * Opens an admin's connection: Action Cable v1, or event streams, or polls.
 * @example
 * const connection = createConnection({
 *   url: 'wss://desk.example/cable',
 *   baseUrl: 'https://desk.example/api',
 *   token: () => fetchToken(),
 * })
 */
export function createConnection(options: ConnectionOptions): Connection {
  const clock = options.clock ?? systemClock
  const tokens = new Tokens(options.token, clock)
  const { baseUrl, fetch } = options
  const rest = baseUrl === undefined ? null : new Rest({ baseUrl, fetch, clock, tokens })
  return new Ladder({
    ...options,
    ...{ clock, tokens, random: options.random ?? Math.random },
    feedOf(params) {
      const path = adminEvents(params)
      return rest && path ? { rest, path } : null
    },
  })
}

function adminEvents({ channel, chat_id }: ChannelParams): string | null {
  if (channel === ADMIN_CHANNEL) return '/admin/events'
  return channel === CHAT_CHANNEL && chat_id ? `/admin/chats/${encodeURIComponent(chat_id)}/events` : null
}
