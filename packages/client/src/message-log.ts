import type { AdminSupportMessage, SenderType, SupportMessage } from '@deskbell/protocol'
import type { Failure } from './rest.ts'

/** One message as it is shown. `seq` is null until the desk has stored it. */
export interface ClientMessage {
  readonly clientId: string | null
  readonly seq: number | null
  readonly content: string
  readonly senderType: SenderType
  readonly senderName: string | null
  /** Which admin wrote a stored message; only admins are told. */
  readonly senderId?: string | undefined
  /** ISO 8601, by the desk's clock once it is stored. */
  readonly createdAt: string
  /** When the user read an admin's message. */
  readonly readAt: string | null
  readonly state: 'sending' | 'sent' | 'failed'
  /** Why it failed. */
  readonly error: Failure | null
}

/**
 * The newest stretch of a chat without gaps. What arrives beyond a gap is held back until the gap is filled, so that
 * everyone sees one order (P2).
 */
export class MessageLog {
  #messages: readonly ClientMessage[] = []
  #first = 1
  #hasBegun = false
  readonly #held = new Map<number, SupportMessage>()

  /** Ascending; a new array whenever something changed. */
  get messages(): readonly ClientMessage[] {
    return this.#messages
  }

  /** The highest seq without a gap below it in the window; 0 when there is none. */
  get last(): number {
    return this.#first + this.#messages.length - 1
  }

  get hasOlder(): boolean {
    return this.#first > 1
  }

  get first(): number {
    return this.#first
  }

  get hasGap(): boolean {
    return this.#held.size > 0
  }

  /** Takes in any messages, in any order, any number of times. */
  accept(messages: readonly SupportMessage[]): void {
    for (const message of messages) {
      if (this.#hasBegun && message.seq <= this.last) this.#update(message)
      else this.#held.set(message.seq, message)
    }
    if (this.#hasBegun) this.#appendHeld()
  }

  /** The chat's head tells where the window starts. */
  begin(head: readonly SupportMessage[]): void {
    if (!this.#hasBegun) this.#first = head[0]?.seq ?? 1
    this.#hasBegun = true
    this.accept(head)
  }

  /** A page of older messages, ascending; ignored unless it ends where the window starts. */
  prepend(page: readonly SupportMessage[]): void {
    const [oldest] = page
    if (!oldest || page.at(-1)?.seq !== this.#first - 1) return
    this.#messages = [...page.map(shown), ...this.#messages]
    this.#first = oldest.seq
  }

  /** The user has read the admins' messages up to `through`. */
  read(through: number, readAt: string): void {
    this.#replace((message) => {
      const wasRead = message.senderType === 'user' || message.readAt !== null
      return wasRead || (message.seq ?? 0) > through ? message : { ...message, readAt }
    })
  }

  #update(message: SupportMessage): void {
    const known = this.#messages[message.seq - this.#first]
    if (!known || known.readAt !== null || message.read_at === null) return
    this.#replace((each) => (each === known ? { ...known, readAt: message.read_at } : each))
  }

  #appendHeld(): void {
    const messages = [...this.#messages]
    const next = () => this.#held.get(this.#first + messages.length)
    for (let message = next(); message; message = next()) messages.push(shown(message))
    if (messages.length > this.#messages.length) this.#messages = messages
    // What was held from before the window began belongs to its past, as well.
    for (const seq of this.#held.keys()) if (seq <= this.last) this.#held.delete(seq)
  }

  #replace(change: (message: ClientMessage) => ClientMessage): void {
    const changed = this.#messages.map(change)
    if (changed.some((message, index) => message !== this.#messages[index])) this.#messages = changed
  }
}

function shown(message: AdminSupportMessage): ClientMessage {
  return {
    clientId: message.client_id,
    seq: message.seq,
    content: message.content,
    senderType: message.sender_type,
    senderName: message.sender_name,
    senderId: message.sender_id,
    createdAt: message.created_at,
    readAt: message.read_at,
    state: 'sent',
    error: null,
  }
}
