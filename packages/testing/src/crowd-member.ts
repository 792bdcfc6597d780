import { randomUUID } from 'node:crypto'
import { CABLE_SUBPROTOCOL, CHAT_CHANNEL, type SupportMessage } from '@deskbell/protocol'
import { WebSocket } from 'ws'
import { retryDelay } from '../../client/src/retry-delay.ts'
import { tokenOf } from './desk-process.ts'

/** Whoever was turned away for now comes again. */
const AGAIN_MS = 1_000

interface Frame {
  type?: string
  message?: { type: 'new_message'; message: SupportMessage } | { type: 'message_rejected'; client_id: string }
}

interface Draft {
  client_id: string
  content: string
}

/** Who somebody is, and which chat is theirs. */
export interface Seat {
  name: string
  chatId: string
}

/** One of very many users: a socket, the messages of their chat, and what they have written and not seen come back. */
export class Member {
  readonly #addresses: readonly string[]
  readonly #name: string
  readonly #identifier: string
  readonly #seen = new Map<number, string>()
  readonly #unacknowledged = new Map<string, Draft>()
  #socket: WebSocket | null = null
  /** Which desk is next. */
  #turn: number
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  isConfirmed = false

  /** Goes to one of these desks, the `turn`th, and to the next one whenever that fails. */
  constructor(cableUrls: readonly string[], { name, chatId }: Seat, turn: number) {
    this.#name = name
    this.#turn = turn
    this.#addresses = cableUrls.map((cableUrl) => `${cableUrl}?token=${tokenOf(name)}`)
    this.#identifier = JSON.stringify({ channel: CHAT_CHANNEL, chat_id: chatId })
    this.#dial()
  }

  get isAcknowledged(): boolean {
    return this.#unacknowledged.size === 0
  }

  /** What they have of their chat, in its order. */
  get contents(): string[] {
    return [...this.#seen].toSorted(([one], [other]) => one - other).map(([, content]) => content)
  }

  /** Writes something, again and again until it has come back. */
  write(what: string): void {
    const draft = { client_id: randomUUID(), content: `${this.#name}: ${what}` }
    this.#unacknowledged.set(draft.client_id, draft)
    if (this.isConfirmed) this.#perform('send_message', draft)
  }

  /** Loses the socket and does not wait before the next one. */
  comeBackAtOnce(): void {
    this.isConfirmed = false
    clearTimeout(this.#timer)
    this.#socket
      ?.removeAllListeners()
      .on('error', () => {})
      .terminate()
    this.#dial()
  }

  #dial(): void {
    const address = this.#addresses[this.#turn++ % this.#addresses.length] ?? ''
    const socket = new WebSocket(address, CABLE_SUBPROTOCOL, { perMessageDeflate: false })
    socket.on('message', (data) => this.#hear(JSON.parse(String(data))))
    socket.on('error', () => {})
    socket.on('close', () => {
      this.isConfirmed = false
      this.#timer = setTimeout(() => this.#dial(), retryDelay(this.#failures++, Math.random))
    })
    this.#socket = socket
  }

  #hear({ type, message: event }: Frame): void {
    if (type === 'welcome') this.#send({ command: 'subscribe', identifier: this.#identifier })
    if (type === 'confirm_subscription') this.#confirmed()
    if (event?.type === 'new_message') this.#see(event.message)
    if (event?.type === 'message_rejected') setTimeout(() => this.#writeAgain(event.client_id), AGAIN_MS)
  }

  #see({ seq, client_id, content }: SupportMessage): void {
    this.#seen.set(seq, content)
    this.#unacknowledged.delete(client_id ?? '')
  }

  #writeAgain(clientId: string): void {
    const draft = this.#unacknowledged.get(clientId)
    if (draft !== undefined && this.isConfirmed) this.#perform('send_message', draft)
  }

  #confirmed(): void {
    this.isConfirmed = true
    this.#failures = 0
    let after = 0
    while (this.#seen.has(after + 1)) after++
    this.#perform('sync', { after })
    for (const draft of this.#unacknowledged.values()) this.#perform('send_message', draft)
  }

  #perform(action: string, data: object): void {
    this.#send({
      command: 'message',
      identifier: this.#identifier,
      data: JSON.stringify({ action, ...data }),
    })
  }

  #send(frame: object): void {
    this.#socket?.send(JSON.stringify(frame))
  }
}
