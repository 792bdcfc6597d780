import type { ChatEvent, MessageRejected, SupportMessage } from '@deskbell/protocol'
import { ChatStream } from './chat-stream.ts'
import { type Clock, Timer } from './clock.ts'
import type { Connection, Status } from './connection.ts'
import type { Contact, Conversation, ConversationSnapshot } from './conversation.ts'
import type { ChatHead, Door } from './door.ts'
import { type ClientMessage, MessageLog } from './message-log.ts'
import { Outbox } from './outbox.ts'
import { type Answer, type Failure, failure, isPassing } from './rest.ts'
import { retryDelay } from './retry-delay.ts'
import type { Signals } from './signals.ts'
import type { KeyStorage } from './storage.ts'
import type { Locks } from './turn.ts'
import { Unread } from './unread.ts'
import type { FillRandom } from './uuid.ts'

/** What a conversation needs from outside. */
export interface ConversationParts {
  door: Door
  /** Called when there is a chat to follow. */
  connect(): Connection
  /** Called when it ends. */
  disconnect(): void
  storage: KeyStorage | undefined
  locks: Locks | null | undefined
  storageSignals: Signals | undefined
  /** Whose unsent messages are kept; null while that is not known, and then the chat's id is used. */
  owner(): string | null
  signals: Signals | undefined
  clock: Clock
  random: () => number
  fillRandom: FillRandom
}

const SEEN_PATIENCE_MS = 5_000

const NOTHING: ConversationSnapshot = {
  ...{ status: 'connecting', phase: 'idle', error: null, chatId: null, messages: [], hasOlder: false },
  ...{ isLoadingOlder: false, unreadCount: 0, isContactNeeded: false },
}

/** The one implementation behind both doors. */
export class ChatConversation implements Conversation {
  readonly #parts: ConversationParts
  #log = new MessageLog()
  #unread: Unread
  readonly #outbox: Outbox
  readonly #listeners = new Set<() => void>()
  readonly #again: Timer
  readonly #seenAgain: Timer
  #stopSignals: (() => void) | undefined
  #stream: ChatStream | null = null
  #snapshot: ConversationSnapshot = NOTHING
  #phase: ConversationSnapshot['phase'] = 'idle'
  #error: Failure | null = null
  #chatId: string | null = null
  #isEntering = false
  #isLoadingOlder = false
  #isContactNeeded = false
  #isLooking = false
  #isClosed = false
  #failures = 0

  constructor(parts: ConversationParts) {
    this.#parts = parts
    const { door, clock } = parts
    this.#unread = new Unread(door.side)
    this.#again = new Timer(clock, () => void this.#enter())
    this.#seenAgain = new Timer(clock, () => this.#unread.isUnsaved && this.#postSeen())
    this.#outbox = new Outbox({
      ...parts,
      side: door.side,
      perform: ({ clientId, content }) =>
        this.#stream?.perform('send_message', { content, client_id: clientId }) ?? false,
      post: door.post,
      stored: (message) => this.#accept([message]),
      isShown: (clientId) => this.#log.messages.some((message) => message.clientId === clientId),
      wanted: () => this.#enterOnce(),
      changed: () => this.#show(),
    })
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  getSnapshot(): ConversationSnapshot {
    return this.#snapshot
  }

  async open(): Promise<void> {
    this.#stopSignals ??= this.#parts.signals?.(() => this.#enterOnce())
    await this.#enterOnce()
  }

  send(content: string): string {
    const text = content.trim()
    if (text === '' || this.#isClosed) return ''
    this.#outbox.share(this.#parts.owner())
    return this.#outbox.write(text)
  }

  retry(clientId: string): void {
    this.#outbox.retry(clientId)
  }

  discard(clientId: string): void {
    this.#outbox.discard(clientId)
  }

  markRead(through?: number): void {
    const seen = Math.min(through ?? this.#log.last, this.#log.last)
    if (!this.#unread.see(seen, this.#log.messages)) return
    this.#saveSeen()
    this.#show()
  }

  look(isLooking: boolean): void {
    if (isLooking === this.#isLooking) return
    this.#isLooking = isLooking
    this.#stream?.perform('look', { visible: isLooking })
  }

  async loadOlder(): Promise<void> {
    if (this.#isLoadingOlder || !this.#log.hasOlder || this.#isClosed) return
    this.#isLoadingOlder = true
    this.#show()
    const page = await this.#parts.door.older(this.#log.first)
    this.#isLoadingOlder = false
    if (page.ok) this.#log.prepend(page.value)
    this.#show()
  }

  async leaveContact(contact: Contact): Promise<Answer<unknown>> {
    const answer = await this.#parts.door.leaveContact(contact)
    if (answer.ok) this.#isContactNeeded = false
    this.#show()
    return answer
  }

  /** What is known of the chat may never have been: all of it is read anew. What is not sent yet stays. */
  restart(): void {
    if (this.#chatId === null || this.#isClosed) return
    this.#stream?.close()
    this.#stream = null
    this.#outbox.cableLost()
    this.#outbox.shownUpTo(Number.MAX_SAFE_INTEGER)
    this.#log = new MessageLog()
    this.#unread = new Unread(this.#parts.door.side)
    this.#chatId = null
    void this.#enter()
  }

  close(): void {
    this.#isClosed = true
    this.#again.stop()
    this.#seenAgain.stop()
    this.#stopSignals?.()
    this.#outbox.close()
    this.#stream?.close()
    this.#listeners.clear()
    this.#parts.disconnect()
  }

  forget(): void {
    this.#outbox.forget()
    this.close()
  }

  async #enterOnce(): Promise<void> {
    if (!this.#chatId) await this.#enter()
  }

  async #enter(): Promise<void> {
    if (this.#isEntering || this.#isClosed) return
    this.#again.stop()
    this.#isEntering = true
    if (this.#phase !== 'ready') this.#phase = 'loading'
    this.#show()
    const { door, owner } = this.#parts
    const answer = await (this.#outbox.isSending ? door.create() : door.find())
    if (this.#isClosed) return
    if (answer.ok) {
      this.#error = null
      this.#phase = 'ready'
      this.#outbox.share(owner() ?? answer.value?.chatId ?? null)
      if (answer.value) this.#begin(answer.value)
    } else {
      this.#failToEnter(answer.error)
    }
    this.#isEntering = false
    this.#show()
    if (answer.ok && !answer.value && this.#outbox.isSending) await this.#enter()
  }

  #failToEnter(error: Failure): void {
    this.#error = error
    if (this.#phase === 'loading') this.#phase = 'failed'
    const pauseMs = (error.retryAfter ?? 0) * 1_000 + retryDelay(this.#failures++, this.#parts.random)
    if (isPassing(error)) this.#again.start(pauseMs)
    else this.#outbox.failAll(error)
  }

  #begin(head: ChatHead): void {
    const { door, clock, random } = this.#parts
    this.#chatId = head.chatId
    this.#isContactNeeded = head.isContactNeeded
    this.#log.begin(head.messages)
    this.#count(head)
    if (door.side === 'admin') this.#unread.stored(this.#log.last)
    this.#stream = new ChatStream(this.#parts.connect(), head.chatId, {
      door,
      log: this.#log,
      clock,
      random,
      listener: {
        live: () => this.#goLive(),
        lost: () => this.#outbox.cableLost(),
        rejected: () => this.#refuse({ code: 'not_found', message: 'There is no such chat.' }),
        received: (event) => this.#receive(event),
        fetched: (messages) => this.#accept(messages),
        refreshed: (answer) => this.#refresh(answer),
        changed: () => this.#show(),
      },
    })
    this.#accept(head.messages)
    this.#outbox.open()
  }

  #goLive(): void {
    this.#error = null
    this.#outbox.restart()
    if (this.#unread.isUnsaved) this.#saveSeen()
    if (this.#isLooking) this.#stream?.perform('look', { visible: true })
  }

  #refuse(error: Failure): void {
    this.#error = error
    this.#outbox.failAll(error)
  }

  #refresh(answer: Answer<ChatHead>): void {
    if (answer.ok) {
      this.#accept(answer.value.messages)
      this.#count(answer.value)
      // An answer that is older than the address does not ask for it again.
      this.#isContactNeeded &&= answer.value.isContactNeeded
    } else if (!isPassing(answer.error)) {
      this.#refuse(answer.error)
    }
    this.#show()
  }

  #count({ messages, unreadCount }: ChatHead): void {
    if (unreadCount !== null) this.#unread.counted(unreadCount, messages)
  }

  #receive(event: ChatEvent): void {
    switch (event.type) {
      case 'new_message':
        this.#accept([event.message])
        break
      case 'messages_read':
        this.#log.read(event.through, event.read_at)
        this.#sawThrough('user', event.through)
        break
      case 'messages_viewed':
        this.#sawThrough('admin', event.through)
        break
      case 'message_rejected':
        if (event.client_id) this.#outbox.reject(event.client_id, rejection(event))
    }
    this.#show()
  }

  #sawThrough(who: 'user' | 'admin', through: number): void {
    if (who === this.#parts.door.side) this.#unread.stored(through)
  }

  #accept(messages: readonly SupportMessage[]): void {
    this.#log.accept(messages)
    for (const { client_id, sender_type, seq } of messages) {
      if (client_id === null || sender_type !== this.#parts.door.side) continue
      this.#outbox.acknowledge(client_id, seq)
    }
    this.#outbox.shownUpTo(this.#log.last)
    this.#stream?.checkGap()
    this.#show()
  }

  #saveSeen(): void {
    const { door } = this.#parts
    // A desk that could not store it says nothing over the cable.
    if (this.#stream?.perform(door.seenAction, door.mark(this.#unread.seen)))
      this.#seenAgain.start(SEEN_PATIENCE_MS)
    else this.#postSeen()
  }

  #postSeen(): void {
    const unread = this.#unread
    const through = unread.seen
    void this.#parts.door.see(through).then((answer) => {
      if (answer.ok) unread.stored(through)
      else if (isPassing(answer.error) && !this.#isClosed)
        this.#seenAgain.start(retryDelay(2, this.#parts.random))
    })
  }

  #status(): Status {
    if (this.#stream) return this.#stream.status
    if (this.#error) return 'offline'
    return this.#phase === 'ready' ? 'online' : 'connecting'
  }

  #show(): void {
    if (this.#isClosed) return
    const next: ConversationSnapshot = {
      status: this.#status(),
      phase: this.#phase,
      error: this.#error,
      chatId: this.#chatId,
      messages: this.#messages(),
      hasOlder: this.#log.hasOlder,
      isLoadingOlder: this.#isLoadingOlder,
      unreadCount: this.#unread.count(this.#log.messages),
      isContactNeeded: this.#isContactNeeded,
    }
    if (isSame(next, this.#snapshot)) return
    this.#snapshot = next
    for (const listener of [...this.#listeners]) listener()
  }

  /** The stored ones, then the unsent; the same array while neither changed. */
  #messages(): readonly ClientMessage[] {
    const shown = this.#snapshot.messages
    const next = [...this.#log.messages, ...this.#outbox.messages]
    const isSame = next.length === shown.length && next.every((message, index) => message === shown[index])
    return isSame ? shown : next
  }
}

/** A code of a later desk must not be repeated for ever. */
function rejection({ error }: MessageRejected): Failure {
  return failure(error.code, 'invalid', error.message, error.retry_after)
}

function isSame(next: ConversationSnapshot, shown: ConversationSnapshot): boolean {
  const names = Object.keys(next) as (keyof ConversationSnapshot)[] // both are made here, with the same keys
  return names.every((name) => next[name] === shown[name])
}
