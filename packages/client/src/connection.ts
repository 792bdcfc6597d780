import {
  CABLE_SUBPROTOCOL,
  CABLE_UNSUPPORTED_SUBPROTOCOL,
  TOKEN_SUBPROTOCOL_PREFIX,
} from '@deskbell/protocol'
import { type ChannelHandlers, type ChannelSubscription, Channels } from './channels.ts'
import { type Clock, systemClock, Timer } from './clock.ts'
import { retryDelay } from './retry-delay.ts'
import type { Signals } from './signals.ts'
import { type TokenSource, Tokens } from './tokens.ts'

/** `connecting`: not yet, or lost a moment ago. `offline`: an attempt failed; it goes on trying. */
export type Status = 'connecting' | 'online' | 'offline'

/** Where to connect, and as whom. What is left out comes from `globalThis`. */
export interface ConnectionOptions {
  /** `ws:` or `wss:` address of the desk's cable. */
  url: string
  token?: TokenSource | undefined
  WebSocket?: typeof WebSocket | undefined
  clock?: Clock | undefined
  /** From 0 up to 1, as `Math.random`. */
  random?: (() => number) | undefined
  signals?: Signals | undefined
}

/** A cable to the desk that heals by itself until it is closed. */
export interface Connection {
  readonly status: Status
  /** Returns how to stop listening. */
  onStatus(listener: () => void): () => void
  subscribe(
    params: { channel: string; [name: string]: string },
    handlers: ChannelHandlers,
  ): ChannelSubscription
  /** The page is visible or the network back: look now instead of at the next turn. */
  wake(): void
  /** Ends it for good; no timer or socket is left. */
  close(): void
}

// Two of the desk's heartbeats (3 s each) and a little: silence for longer means that the line is dead.
const SILENCE_MS = 6_500
const ONE_HEARTBEAT_MS = 3_400

/**
 * Opens an Action Cable v1 connection.
 * @example
 * const connection = createConnection({ url: 'wss://desk.example/cable', token: () => fetchToken() })
 */
export function createConnection(options: ConnectionOptions): Connection {
  return openCable(options, new Tokens(options.token, options.clock ?? systemClock))
}

/** As `createConnection`, with tokens that are shared with the REST calls. */
export function openCable(options: ConnectionOptions, tokens: Tokens): Connection {
  return new Cable(options, tokens)
}

class Cable implements Connection {
  readonly #options: ConnectionOptions
  readonly #tokens: Tokens
  readonly #clock: Clock
  readonly #channels: Channels
  readonly #retry: Timer
  readonly #silence: Timer
  readonly #listeners = new Set<() => void>()
  readonly #stopSignals: (() => void) | undefined
  #status: Status = 'connecting'
  #socket: WebSocket | null = null
  #state: 'opening' | 'welcomed' | 'waiting' | 'refused' | 'closed' = 'waiting'
  #failures = 0
  #heardAt = 0
  #attempt = 0
  #hasRenewedToken = false

  constructor(options: ConnectionOptions, tokens: Tokens) {
    this.#options = options
    this.#tokens = tokens
    this.#clock = options.clock ?? systemClock
    this.#channels = new Channels(this.#clock, (frame) => this.#send(frame))
    this.#retry = new Timer(this.#clock, () => this.#connect())
    this.#silence = new Timer(this.#clock, () => this.#lose())
    this.#stopSignals = options.signals?.(() => this.wake())
    this.#connect()
  }

  get status(): Status {
    return this.#status
  }

  onStatus(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  subscribe(
    params: { channel: string; [name: string]: string },
    handlers: ChannelHandlers,
  ): ChannelSubscription {
    return this.#channels.subscribe(params, handlers)
  }

  wake(): void {
    const silentMs = this.#clock.now() - this.#heardAt
    const isDead = silentMs >= (this.#state === 'opening' ? ONE_HEARTBEAT_MS : SILENCE_MS)
    if (this.#state === 'closed') return
    if (this.#state === 'waiting' || this.#state === 'refused') {
      this.#connect()
    } else if (isDead) {
      this.#hangUp()
      this.#connect()
    } else if (this.#state === 'welcomed') {
      this.#silence.start(ONE_HEARTBEAT_MS)
    }
  }

  close(): void {
    this.#stopSignals?.()
    this.#hangUp()
    this.#retry.stop()
    this.#state = 'closed'
    this.#channels.clear()
    this.#listeners.clear()
    this.#status = 'offline'
  }

  #connect(): void {
    this.#retry.stop()
    this.#state = 'opening'
    this.#heardAt = this.#clock.now()
    this.#silence.start(SILENCE_MS)
    if (this.#failures === 0) this.#report('connecting')
    const attempt = ++this.#attempt
    this.#tokens.current().then(
      (token) => attempt === this.#attempt && this.#dial(token),
      () => attempt === this.#attempt && this.#lose(),
    )
  }

  #dial(token: string | null): void {
    const protocols = [CABLE_SUBPROTOCOL, CABLE_UNSUPPORTED_SUBPROTOCOL]
    if (token !== null) protocols.push(TOKEN_SUBPROTOCOL_PREFIX + token)
    try {
      const socket = new (this.#options.WebSocket ?? globalThis.WebSocket)(this.#options.url, protocols)
      this.#socket = socket
      socket.onmessage = ({ data }) => this.#hear(data)
      socket.onclose = () => this.#lose()
      socket.onerror = () => {} // a close follows; without a listener Node's `ws` would throw
    } catch {
      this.#lose()
    }
  }

  #hear(data: unknown): void {
    this.#heardAt = this.#clock.now()
    this.#silence.start(SILENCE_MS)
    const frame = parseFrame(data)
    if (!frame) return
    switch (frame.type) {
      case 'welcome':
        this.#welcome()
        break
      case 'ping':
        this.#failures = 0 // only now has the line proved itself: a welcome alone may be followed by a hang-up
        break
      case 'confirm_subscription':
        this.#channels.confirmed(String(frame.identifier))
        break
      case 'reject_subscription':
        this.#channels.rejected(String(frame.identifier))
        break
      case 'disconnect':
        if (frame.reconnect === false) this.#refused(frame.reason === 'unauthorized')
        else this.#lose()
        break
      case undefined:
        if (typeof frame.identifier === 'string') this.#channels.received(frame.identifier, frame.message)
    }
  }

  #welcome(): void {
    this.#state = 'welcomed'
    this.#hasRenewedToken = false
    this.#report('online')
    this.#channels.opened()
  }

  #refused(isUnauthorized: boolean): void {
    this.#hangUp()
    this.#state = 'refused'
    this.#tokens.refuse()
    if (isUnauthorized && this.#tokens.isRenewable && !this.#hasRenewedToken) {
      this.#hasRenewedToken = true
      this.#connect()
    } else {
      this.#report('offline')
    }
  }

  #lose(): void {
    const wasWelcomed = this.#state === 'welcomed'
    this.#hangUp()
    this.#state = 'waiting'
    this.#retry.start(retryDelay(this.#failures++, this.#options.random ?? Math.random))
    this.#report(wasWelcomed ? 'connecting' : 'offline')
  }

  #hangUp(): void {
    this.#attempt++
    this.#silence.stop()
    const socket = this.#socket
    this.#socket = null
    if (socket) {
      socket.onmessage = socket.onclose = null
      socket.close()
    }
    this.#channels.lost()
  }

  #send(frame: object): boolean {
    if (this.#state !== 'welcomed' || this.#socket?.readyState !== 1) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  #report(status: Status): void {
    if (status === this.#status) return
    this.#status = status
    for (const listener of [...this.#listeners]) listener()
  }
}

interface CableFrame {
  type?: unknown
  identifier?: unknown
  message?: unknown
  reason?: unknown
  reconnect?: unknown
}

function parseFrame(data: unknown): CableFrame | null {
  if (typeof data !== 'string') return null
  try {
    const frame: unknown = JSON.parse(data)
    return typeof frame === 'object' && frame !== null ? frame : null
  } catch {
    return null
  }
}
