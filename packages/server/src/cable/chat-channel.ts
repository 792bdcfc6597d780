import {
  CHAT_CHANNEL,
  type ChatEvent,
  chatStream,
  DeskbellError,
  type MessageRejected,
} from '@deskbell/protocol'
import { type Chat, findChat } from '../chats/chat.ts'
import { view } from '../chats/view.ts'
import type { Core } from '../core.ts'
import type { Connection } from '../delivery/connections.ts'
import { ChatSubscription, type Encoding, type Sink } from '../delivery/subscription.ts'
import type { Caller } from '../identity/caller.ts'
import { isBlank, senderIn } from '../messages/draft.ts'
import { RetryGate } from '../messages/erased.ts'
import { adminHistory, userHistory } from '../messages/history.ts'
import { read } from '../messages/read.ts'
import { OneAtATime } from './one-at-a-time.ts'

/** What came with an action or in an identifier. */
export type Params = Readonly<Record<string, unknown>>

/** A subscription that a client can perform actions on. What it does not know it ignores. */
export interface Channel {
  perform(action: string, data: Params): void
  close(): void
}

/** One chat, followed by its user or by an admin. */
export class ChatChannel implements Channel {
  /** Everything a client can perform, by its name on the wire. */
  static readonly actions: ReadonlyMap<string, (channel: ChatChannel, data: Params) => void> = new Map([
    ['send_message', (channel, data) => void channel.#send(data)],
    ['mark_read', (channel, data) => channel.#markRead(data)],
    ['mark_viewed', (channel, data) => channel.#markViewed(data)],
    ['sync', (channel, data) => channel.#sync(seqOf(data.after))],
    ['look', (channel, data) => channel.#look(data.visible)],
  ])

  readonly #core: Core
  /** Only what is needed: a row has a kilobyte, and there are many channels. */
  readonly #chat: Pick<Chat, 'id' | 'external_id'>
  readonly #caller: Caller
  readonly #isOwn: boolean
  readonly #subscription: ChatSubscription
  readonly #connection: Pick<Connection, 'end'>
  // Made when they are first asked for: most channels only listen.
  #reads: OneAtATime | undefined
  #views: OneAtATime | undefined
  #syncs: OneAtATime | undefined
  #retries: RetryGate | undefined

  private constructor(
    core: Core,
    caller: Caller,
    chat: Chat,
    subscription: ChatSubscription,
    connection: Pick<Connection, 'end'>,
  ) {
    this.#core = core
    this.#caller = caller
    this.#chat = { id: chat.id, external_id: chat.external_id }
    this.#isOwn = chat.external_id === caller.id
    this.#subscription = subscription
    this.#connection = connection
  }

  /**
   * Follows a chat: `confirm` is called when the stream is live and before its first event.
   * Throws `not_found` for a chat that is not there or not the caller's.
   */
  static async open(
    core: Core,
    caller: Caller,
    chatId: string,
    to: { sink: Sink & Pick<Connection, 'end'>; encoding: Encoding; confirm: () => void },
  ): Promise<ChatChannel> {
    const history = caller.role === 'admin' ? adminHistory(core.store) : userHistory(core.store)
    const subscription = new ChatSubscription(to.sink, to.encoding, chatId, history)
    // Listening before looking: what is committed in between is heard or read, never missed.
    core.hub.subscribe(chatStream(chatId), subscription)
    try {
      const chat = await findChat(core.store, caller, chatId)
      if (!to.sink.isOpen) throw new DeskbellError('unavailable', 'The connection has closed.')
      to.confirm()
      subscription.start(chat.last_seq)
      return new ChatChannel(core, caller, chat, subscription, to.sink)
    } catch (error) {
      leave(core, chatId, subscription)
      throw error
    }
  }

  perform(name: string, data: Params): void {
    const action = ChatChannel.actions.get(name)
    if (action !== undefined) return action(this, data)
    this.#core.log.debug({ action: name.slice(0, 50) }, `${CHAT_CHANNEL} ignored an unknown action`)
  }

  close(): void {
    this.#core.looks.set(this.#chat.id, this, false)
    leave(this.#core, this.#chat.id, this.#subscription)
  }

  async #send({ content, client_id = null }: Params): Promise<void> {
    if (typeof content !== 'string' || isBlank(content)) return
    if (client_id !== null && typeof client_id !== 'string') return
    try {
      const sender = senderIn(this.#chat, this.#caller)
      if (sender.type === 'user') await this.#passErasures(client_id)
      await this.#core.messages.append(sender, { chatId: this.#chat.id, content, clientId: client_id })
    } catch (error) {
      this.#reject(client_id, error)
    }
  }

  #passErasures(clientId: string | null): Promise<void> {
    this.#retries ??= new RetryGate(this.#core.store, this.#chat.external_id)
    return this.#retries.pass(clientId)
  }

  #reject(clientId: string | null, error: unknown): void {
    const { code, message, retryAfter } = DeskbellError.from(error)
    const wait = retryAfter === undefined ? {} : { retry_after: retryAfter }
    const event: MessageRejected = {
      type: 'message_rejected',
      client_id: clientId,
      error: { code, message, ...wait },
    }
    this.#transmit(event)
  }

  #markRead({ through, epoch }: Params): void {
    const seen = seqOf(through)
    if (!this.#isOwn || seen === null || !this.#isPresent(epoch)) return
    this.#reads ??= new OneAtATime((seq) => this.#settle(read(this.#core, this.#chat.id, seq)), Math.max)
    void this.#reads.ask(seen ?? this.#subscription.sentSeq)
  }

  #markViewed({ through, epoch }: Params): void {
    const seen = seqOf(through)
    if (this.#caller.role !== 'admin' || seen === null || !this.#isPresent(epoch)) return
    this.#views ??= new OneAtATime((seq) => this.#settle(view(this.#core, this.#chat.id, seq)), Math.max)
    void this.#views.ask(seen ?? this.#subscription.sentSeq)
  }

  /** Whether what a client says of seqs is of those that there are; one that names no epoch is believed. */
  #isPresent(epoch: unknown): boolean {
    return epoch === undefined || epoch === null || epoch === this.#core.epoch()
  }

  #sync(after: number | null | undefined): void {
    if (after === null || after === undefined) return
    this.#syncs ??= new OneAtATime((seq) => this.#rewind(seq), Math.min)
    void this.#syncs.ask(after)
  }

  #look(visible: unknown): void {
    if (this.#isOwn && typeof visible === 'boolean') this.#core.looks.set(this.#chat.id, this, visible)
  }

  async #rewind(after: number): Promise<void> {
    try {
      const { last_seq } = await findChat(this.#core.store, this.#caller, this.#chat.id)
      this.#subscription.rewind(Math.min(after, last_seq))
    } catch (error) {
      this.#core.log.warn({ err: error }, 'a sync failed')
      // The client would wait for ever: it is to come back and ask again.
      this.#connection.end('server_restart')
    }
  }

  async #settle(change: Promise<unknown>): Promise<void> {
    await change.catch((error: unknown) => this.#core.log.warn({ err: error }, 'a mark could not be stored'))
  }

  #transmit(event: ChatEvent): void {
    const { sink, encoding } = this.#subscription
    sink.write(encoding.encode(JSON.stringify(event), null))
  }
}

function leave({ hub }: Core, chatId: string, subscription: ChatSubscription): void {
  hub.unsubscribe(chatStream(chatId), subscription)
  subscription.close()
}

/** A seq that a client named; undefined when it named none, null when it named something else. */
function seqOf(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}
