import type { SenderType, SupportMessage } from '@deskbell/protocol'
import { type Clock, Timer } from './clock.ts'
import type { ClientMessage } from './message-log.ts'
import { type Answer, type Failure, isPassing } from './rest.ts'
import { retryDelay } from './retry-delay.ts'

/** What is kept of an unsent message. */
export interface UnsentMessage {
  clientId: string
  content: string
  createdAt: string
}

/** The two ways out. */
export interface OutboxDoors {
  /** Over the cable; false when it is not live. The echo or a rejection answers. */
  perform(message: UnsentMessage): boolean
  post(message: UnsentMessage, signal: AbortSignal): Promise<Answer<SupportMessage>>
  /** A POST was answered with the stored message. */
  stored(message: SupportMessage): void
  changed(): void
}

interface Entry {
  message: ClientMessage & { clientId: string }
  /** Its place in the chat, once the desk has stored it. */
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
  readonly #side: SenderType
  readonly #doors: OutboxDoors
  readonly #random: () => number
  readonly #timer: Timer
  #entries: Entry[] = []
  #underWay: { entry: Entry; post: AbortController | null } | null = null
  #failures = 0
  #isOpen = false

  constructor(side: SenderType, doors: OutboxDoors, clock: Clock, random: () => number) {
    this.#side = side
    this.#doors = doors
    this.#random = random
    this.#timer = new Timer(clock, () => this.#runOut())
  }

  get messages(): ClientMessage[] {
    return this.#entries.map((entry) => entry.message)
  }

  get hasUnsent(): boolean {
    return this.#entries.some((entry) => entry.message.state === 'sending')
  }

  add(message: UnsentMessage): void {
    this.#entries.push(this.#entry(message))
    this.#doors.changed()
    this.#pump()
  }

  /** What an earlier visit left unsent was written before anything that is here. */
  adopt(kept: readonly UnsentMessage[]): void {
    const unknown = kept.filter(({ clientId }) => !this.#find(clientId))
    this.#entries.unshift(...unknown.map((message) => this.#entry(message)))
    this.#doors.changed()
    this.#pump()
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
  discard(clientId: string): boolean {
    const entry = this.#find(clientId)
    if (entry?.message.state !== 'failed') return false
    this.#remove(entry)
    return true
  }

  /** The desk has stored it as `seq`; it stays until the log shows it. Returns whether that is news. */
  acknowledge(clientId: string, seq: number): boolean {
    const entry = this.#find(clientId)
    if (!entry || entry.storedAs !== null) return false
    entry.storedAs = seq
    this.#failures = 0
    if (this.#underWay?.entry === entry) this.#interrupt()
    this.#pump()
    return true
  }

  /** The log shows everything up to `last`. */
  shownUpTo(last: number): void {
    this.#entries = this.#entries.filter(({ storedAs }) => storedAs === null || storedAs > last)
  }

  reject(clientId: string, error: Failure): void {
    const entry = this.#find(clientId)
    if (!entry || entry.storedAs !== null || entry.message.state === 'failed') return
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
    this.#interrupt()
    for (const entry of this.#entries) if (entry.storedAs === null) this.#set(entry, 'failed', error)
  }

  close(): void {
    this.#isOpen = false
    this.#interrupt()
  }

  #pump(): void {
    if (!this.#isOpen || this.#underWay || this.#timer.isRunning) return
    const entry = this.#entries.find((each) => each.storedAs === null && each.message.state === 'sending')
    if (!entry) return
    if (entry.avoidsCable || !this.#doors.perform(entry.message)) {
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
    void this.#doors.post(entry.message, post.signal).then((answer) => {
      if (this.#underWay !== attempt) return
      this.#underWay = null
      if (answer.ok) return this.#doors.stored(answer.value)
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
    const ms = retryDelay(this.#failures++, this.#random)
    this.#timer.start(error.retryAfter ? error.retryAfter * 1_000 + ms : ms)
  }

  #interrupt(): void {
    this.#timer.stop()
    this.#underWay?.post?.abort()
    this.#underWay = null
  }

  #entry({ clientId, content, createdAt }: UnsentMessage): Entry {
    const message = {
      ...{ clientId, content, createdAt, senderType: this.#side, seq: null, senderName: null, readAt: null },
      ...{ state: 'sending' as const, error: null },
    }
    return { message, storedAs: null, avoidsCable: content.length > LONGEST_BY_CABLE }
  }

  #find(clientId: string): Entry | undefined {
    return this.#entries.find((entry) => entry.message.clientId === clientId)
  }

  #set(entry: Entry, state: 'sending' | 'failed', error: Failure | null): void {
    entry.message = { ...entry.message, state, error }
    this.#doors.changed()
  }

  #remove(entry: Entry): void {
    if (this.#underWay?.entry === entry) this.#interrupt()
    this.#entries = this.#entries.filter((each) => each !== entry)
    this.#doors.changed()
    this.#pump()
  }
}
