import type { SenderType, SupportMessage } from '@deskbell/protocol'
import { type Clock, Timer } from './clock.ts'
import type { ClientMessage } from './message-log.ts'
import { type Answer, type Failure, isPassing } from './rest.ts'
import { retryDelay } from './retry-delay.ts'
import { Sharing } from './sharing.ts'
import type { Signals } from './signals.ts'
import type { KeyStorage } from './storage.ts'
import type { Locks } from './turn.ts'
import { UnsentStorage } from './unsent-storage.ts'
import { type FillRandom, uuidv7 } from './uuid.ts'

/** A message of this side that the desk is not known to have. */
export type UnsentMessage = ClientMessage & { readonly clientId: string }

/** What an outbox needs from outside. */
export interface OutboxParts {
  side: SenderType
  /** Over the cable; false when it is not live. The echo or a rejection answers. */
  perform(message: UnsentMessage): boolean
  post(message: UnsentMessage, signal: AbortSignal): Promise<Answer<SupportMessage>>
  /** A POST was answered with the stored message. */
  stored(message: SupportMessage): void
  /** Whether the log has it. */
  isShown(clientId: string): boolean
  /** There is, or is going to be, a chat that is not open yet. */
  wanted(): void
  changed(): void
  storage: KeyStorage | undefined
  /** Those of the browser where it is undefined. */
  locks: Locks | null | undefined
  /** Those of the window where it is undefined. */
  storageSignals: Signals | undefined
  clock: Clock
  random: () => number
  fillRandom: FillRandom
}

/** One message in an outbox. */
export interface Entry {
  message: UnsentMessage
  /** Its place in the chat, once the desk has stored it; beyond all others as long as only another tab knows it. */
  storedAs: number | null
  avoidsCable: boolean
}

const ECHO_PATIENCE_MS = 5_000
// Escaped twice, a longer text could burst the cable's 64 KiB frame and cost the connection.
const LONGEST_BY_CABLE = 5_000

/**
 * Sends what was written, one after the other so that the order holds, under the same client_id however often it takes
 * (P3), until the desk has stored it or refuses it for good.
 */
export class Outbox {
  entries: Entry[] = []
  readonly #parts: OutboxParts
  readonly #timer: Timer
  #sharing: Sharing | null = null
  #storage: UnsentStorage | null = null
  #underWay: { entry: Entry; post: AbortController | null } | null = null
  #failures = 0
  #writtenAt = 0
  #isOpen = false

  constructor(parts: OutboxParts) {
    this.#parts = parts
    this.#timer = new Timer(parts.clock, () => this.#runOut())
  }

  get messages(): UnsentMessage[] {
    return this.entries.map((entry) => entry.message)
  }

  /** Something is to be sent, and by this tab. */
  get isSending(): boolean {
    return this.#next !== undefined && (this.#sharing?.isMine ?? true)
  }

  /** From now on the tabs of this owner have one outbox, which survives a reload. Without an owner nothing is kept. */
  share(owner: string | null): void {
    const { storage } = this.#parts
    if (!storage || owner === null || this.#sharing) return
    this.#storage = new UnsentStorage(storage, owner)
    this.#sharing = new Sharing(this.#storage, this, this.#parts)
    this.#sharing.join()
  }

  write(content: string): string {
    const { clock, fillRandom, side } = this.#parts
    // Kept messages are sorted by it, and two may be written in one moment.
    const now = Math.max(clock.now(), this.#writtenAt + 1)
    this.#writtenAt = now
    const clientId = uuidv7(now, fillRandom)
    const entry = this.add({
      ...{ clientId, content, createdAt: new Date(now).toISOString(), senderType: side, seq: null },
      ...{ senderName: null, readAt: null, state: 'sending', error: null },
    })
    this.#sharing?.written(entry)
    this.changed()
    return clientId
  }

  add(message: UnsentMessage): Entry {
    const entry = { message, storedAs: null, avoidsCable: message.content.length > LONGEST_BY_CABLE }
    this.entries.push(entry)
    return entry
  }

  /** There is a chat to send to. */
  open(): void {
    this.#isOpen = true
    this.#pump()
  }

  /** The cable is live: whatever was under way begins again over it. */
  restart(): void {
    this.#interrupt()
    this.#failures = 0
    this.#pump()
  }

  /** The cable is gone, and with it the answer that was awaited. */
  cableLost(): void {
    if (this.#underWay?.post !== null) return
    this.#interrupt()
    this.#pump()
  }

  retry(clientId: string): void {
    const entry = this.#find(clientId)
    if (entry?.message.state !== 'failed') return
    this.#set(entry, 'sending', null)
    this.#pump()
  }

  /** Forgets a failed message. One that is on its way cannot be called back. */
  discard(clientId: string): void {
    const entry = this.#find(clientId)
    if (entry?.message.state !== 'failed') return
    this.#storage?.remove(clientId)
    this.settle(entry, 0)
    this.changed()
  }

  /** The desk has stored it as `seq`; it stays until the log shows it. */
  acknowledge(clientId: string, seq: number): void {
    const entry = this.#find(clientId)
    if (!entry) return
    this.settle(entry, seq)
    this.#storage?.remove(clientId)
    this.#failures = 0
    this.#pump()
  }

  settle(entry: Entry, seq: number): void {
    entry.storedAs = seq
    if (this.#underWay?.entry === entry) this.#interrupt()
  }

  /** The log shows everything up to `last`. */
  shownUpTo(last: number): void {
    this.entries = this.entries.filter(({ storedAs }) => storedAs === null || storedAs > last)
  }

  reject(clientId: string, error: Failure): void {
    const entry = this.#find(clientId)
    if (!entry || !isUnsent(entry)) return
    if (this.#underWay?.entry === entry) this.#interrupt()
    if (isPassing(error)) {
      if (!this.#underWay) this.#wait(error)
      return
    }
    this.#set(entry, 'failed', error)
    this.#pump()
  }

  /** Nothing can be sent for this reason. */
  failAll(error: Failure): void {
    if (!this.isSending) return
    this.#interrupt()
    for (const entry of this.entries) if (isUnsent(entry)) this.#set(entry, 'failed', error)
    this.#pump()
  }

  /** Something in it is not as it was. */
  changed(): void {
    this.shownUpTo(0)
    this.#parts.changed()
    this.#pump()
  }

  close(): void {
    this.#isOpen = false
    this.#interrupt()
    this.#sharing?.close()
  }

  forget(): void {
    for (const { message } of this.entries) this.#storage?.remove(message.clientId)
  }

  get #next(): Entry | undefined {
    return this.entries.find(isUnsent)
  }

  #pump(): void {
    const entry = this.#next
    if (!entry) return this.#sharing?.end()
    if (!this.isSending) return this.#sharing?.begin()
    if (!this.#isOpen) return this.#parts.wanted()
    if (this.#underWay || this.#timer.isRunning) return
    if (entry.avoidsCable || !this.#parts.perform(entry.message)) {
      this.#post(entry)
    } else {
      this.#underWay = { entry, post: null }
      this.#timer.start(ECHO_PATIENCE_MS)
    }
  }

  #post(entry: Entry): void {
    const post = new AbortController()
    const attempt = { entry, post }
    this.#underWay = attempt
    void this.#parts.post(entry.message, post.signal).then((answer) => {
      if (this.#underWay !== attempt) return
      this.#underWay = null
      if (answer.ok) return this.#parts.stored(answer.value)
      entry.avoidsCable = entry.message.content.length > LONGEST_BY_CABLE
      this.reject(entry.message.clientId, answer.error)
    })
  }

  /** The echo never came, or a pause is over. A repeat of a stored message has no echo, but a POST answers with it. */
  #runOut(): void {
    if (this.#underWay) this.#underWay.entry.avoidsCable = true
    this.#underWay = null
    this.#pump()
  }

  #wait(error: Failure): void {
    const ms = retryDelay(this.#failures++, this.#parts.random)
    this.#timer.start(error.retryAfter ? error.retryAfter * 1_000 + ms : ms)
  }

  #interrupt(): void {
    this.#timer.stop()
    this.#underWay?.post?.abort()
    this.#underWay = null
  }

  #find(clientId: string): Entry | undefined {
    return this.entries.find((entry) => entry.message.clientId === clientId)
  }

  #set(entry: Entry, state: 'sending' | 'failed', error: Failure | null): void {
    entry.message = { ...entry.message, state, error }
    this.#sharing?.keep(entry.message)
    this.#parts.changed()
  }
}

/** Whether it is still to be sent. */
const isUnsent = ({ storedAs, message }: Entry) => storedAs === null && message.state === 'sending'
