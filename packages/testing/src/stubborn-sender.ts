import { randomUUID } from 'node:crypto'
import type { SupportMessage } from '@deskbell/protocol'
import { CableClient } from './cable-client.ts'
import type { DeskProcess } from './desk-process.ts'
import type { Seeded } from './seeded.ts'

/** Drafts under way at once; enough that commits are shared. */
const WINDOW = 6
const WORDS = ['invoice', 'parcel', 'refund', 'please', 'why', 'käse', '😀', 'tomorrow', 'thanks', '\n']

/** What a sender wants stored, however often it takes. */
export interface SentDraft {
  clientId: string
  content: string
}

/** Someone who keeps writing to one chat, by cable and by POST, and repeats what was never acknowledged. */
export class StubbornSender {
  readonly chatId: string
  readonly #token: string
  readonly #role: 'user' | 'admin'
  readonly #random: Seeded
  readonly #unacknowledged = new Map<string, SentDraft>()
  readonly #acknowledged = new Map<string, SupportMessage>()
  /** The cable tells a chat in order: up to here nothing is missing. */
  #seenSeq = 0
  #desk: DeskProcess | null = null
  #cable: CableClient | null = null
  #identifier = ''
  #onProgress: (what: 'sent' | 'acknowledged') => void = () => {}

  constructor(role: 'user' | 'admin', token: string, chatId: string, random: Seeded) {
    this.#role = role
    this.#token = token
    this.chatId = chatId
    this.#random = random
  }

  get role(): 'user' | 'admin' {
    return this.#role
  }

  /** By client_id: the draft's content, and what the desk made of the rest. */
  get acknowledged(): ReadonlyMap<string, SupportMessage> {
    return this.#acknowledged
  }

  get unacknowledged(): readonly SentDraft[] {
    return [...this.#unacknowledged.values()]
  }

  /** Connects and catches up with what was stored without its answer coming through. */
  async connect(desk: DeskProcess): Promise<void> {
    const cable = await new CableClient(`${desk.cableUrl}?token=${this.#token}`).opened()
    this.#identifier = await cable.subscribe({ channel: 'SupportChatChannel', chat_id: this.chatId })
    this.#desk = desk
    this.#cable = cable
    cable.socket.on('message', (data) => {
      const { message: event } = JSON.parse(String(data)) as { message?: { message?: SupportMessage } }
      if (event?.message === undefined) return
      this.#seenSeq = Math.max(this.#seenSeq, event.message.seq)
      this.#acknowledge(event.message)
    })
    cable.perform(this.#identifier, 'sync', { after: this.#seenSeq })
  }

  /** Repeats what is open, then goes on with new drafts for as long as it is connected. */
  write(onProgress: (what: 'sent' | 'acknowledged') => void): void {
    this.#onProgress = onProgress
    for (const draft of this.unacknowledged) this.#send(draft)
    while (this.#unacknowledged.size < WINDOW) this.#sendNew()
  }

  /** Repeats what is open by POST, which answers for repeats, too. */
  async finish(desk: DeskProcess): Promise<void> {
    this.#desk = desk
    this.#onProgress = () => {}
    await Promise.all(this.unacknowledged.map((draft) => this.#post(draft)))
  }

  async disconnect(): Promise<void> {
    const cable = this.#cable
    this.#desk = null
    this.#cable = null
    await cable?.[Symbol.asyncDispose]()
  }

  #sendNew(): void {
    const words = this.#random.chance(0.05) ? 1_200 : this.#random.between(1, 30)
    const word = () => WORDS[this.#random.between(0, WORDS.length - 1)]
    const clientId = randomUUID()
    const content = `${clientId} ${Array.from({ length: words }, word).join(' ')}`.trim()
    const draft = { clientId, content }
    this.#unacknowledged.set(clientId, draft)
    this.#send(draft)
  }

  #send(draft: SentDraft): void {
    if (this.#random.chance(0.3)) void this.#post(draft)
    else {
      this.#cable?.perform(this.#identifier, 'send_message', {
        content: draft.content,
        client_id: draft.clientId,
      })
    }
    this.#onProgress('sent')
  }

  async #post(draft: SentDraft): Promise<void> {
    const path = this.#role === 'user' ? '/support_chat' : `/admin/chats/${this.chatId}`
    try {
      const response = await fetch(`${this.#desk?.url}/api${path}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
        body: JSON.stringify({ content: draft.content, client_id: draft.clientId }),
      })
      if (response.ok) this.#acknowledge((await response.json()) as SupportMessage)
    } catch {
      // The desk died: the draft stays open and is repeated.
    }
  }

  #acknowledge(message: SupportMessage): void {
    const draft = this.#unacknowledged.get(message.client_id ?? '')
    if (draft === undefined) return
    this.#unacknowledged.delete(draft.clientId)
    this.#acknowledged.set(draft.clientId, { ...message, content: draft.content })
    this.#onProgress('acknowledged')
    if (this.#cable !== null) this.#sendNew()
  }
}
