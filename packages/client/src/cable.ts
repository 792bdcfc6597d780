import {
  CABLE_SUBPROTOCOL,
  CABLE_UNSUPPORTED_SUBPROTOCOL,
  TOKEN_SUBPROTOCOL_PREFIX,
} from '@deskbell/protocol'
import type { Channel } from './channel.ts'
import type { ConnectionOptions } from './connection.ts'
import type { Attempt } from './line.ts'
import type { Tokens } from './tokens.ts'

/** Action Cable v1 over a WebSocket. */
export class Cable {
  readonly #options: ConnectionOptions
  readonly #tokens: Tokens
  readonly #find: (identifier: unknown) => Channel | undefined
  /** Null unless the desk has said welcome. */
  #socket: WebSocket | null = null

  constructor(
    options: ConnectionOptions,
    tokens: Tokens,
    find: (identifier: unknown) => Channel | undefined,
  ) {
    this.#options = options
    this.#tokens = tokens
    this.#find = find
  }

  async dial(attempt: Attempt): Promise<void> {
    const token = await this.#tokens.current()
    if (attempt.signal.aborted) return
    const protocols = [CABLE_SUBPROTOCOL, CABLE_UNSUPPORTED_SUBPROTOCOL]
    if (token !== null) protocols.push(TOKEN_SUBPROTOCOL_PREFIX + token)
    const socket = new (this.#options.WebSocket ?? globalThis.WebSocket)(this.#options.url, protocols)
    socket.onmessage = ({ data }) => this.#hear(data, socket, attempt)
    socket.onclose = attempt.lost
    socket.onerror = () => {} // a close follows; without a listener Node's `ws` would throw
    attempt.signal.addEventListener('abort', () => {
      this.#socket = null
      socket.onmessage = socket.onclose = null
      socket.close()
    })
  }

  /** False when there is no cable, and then nothing was sent. */
  send(frame: object): boolean {
    if (this.#socket?.readyState !== 1) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  #hear(data: unknown, socket: WebSocket, attempt: Attempt): void {
    const frame: CableFrame = parseObject(data) ?? { type: null }
    if (frame.type === 'disconnect') return frame.reconnect === false ? attempt.refused() : attempt.lost()
    if (frame.type === 'welcome') this.#socket = socket
    if (!this.#socket) return
    attempt.live()
    const channel = this.#find(frame.identifier)
    switch (frame.type) {
      case 'confirm_subscription':
        channel?.confirm()
        break
      case 'reject_subscription':
        channel?.reject()
        break
      case undefined:
        channel?.receive(frame.message)
    }
  }
}

interface CableFrame {
  type?: unknown
  identifier?: unknown
  message?: unknown
  reconnect?: unknown
}

/** Null for whatever makes no sense. */
export function parseObject(data: unknown): object | null {
  if (typeof data !== 'string') return null
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}
