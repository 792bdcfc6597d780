import { CHAT_CHANNEL, type ChatEvent, type SupportMessage } from '@deskbell/protocol'
import type { ChannelSubscription } from './channel.ts'
import { type Clock, Timer } from './clock.ts'
import type { Connection, Status } from './connection.ts'
import type { ChatHead, Door } from './door.ts'
import type { MessageLog } from './message-log.ts'
import type { Answer } from './rest.ts'
import { retryDelay } from './retry-delay.ts'

/** What the conversation wants to hear of its stream. */
interface StreamListener {
  /** Live, and everything missed is on its way. */
  live(): void
  lost(): void
  rejected(): void
  received(event: ChatEvent): void
  /** What filled a gap. */
  fetched(messages: readonly SupportMessage[]): void
  refreshed(answer: Answer<ChatHead>): void
  changed(): void
}

/** What a stream needs of its conversation. */
interface StreamParts {
  door: Door
  log: MessageLog
  listener: StreamListener
  clock: Clock
  random: () => number
}

// A reordered neighbour usually follows at once; only a real gap is worth a call.
const GAP_PATIENCE_MS = 300

/** Keeps a log equal to the desk's: live events, a resync at each (re)connect, and the filling of gaps (P4). */
export class ChatStream {
  readonly #connection: Connection
  readonly #subscription: ChannelSubscription
  readonly #stopStatus: () => void
  readonly #parts: StreamParts
  readonly #gap: Timer
  readonly #reread: Timer
  #state: 'waiting' | 'polled' | 'live' | 'rejected' | 'closed' = 'waiting'
  #failures = 0
  #filling: object | null = null

  constructor(connection: Connection, chatId: string, parts: StreamParts) {
    const { log, listener, clock } = parts
    this.#connection = connection
    this.#parts = parts
    this.#gap = new Timer(clock, () => void this.#fillGap())
    this.#reread = new Timer(clock, () => void this.#refresh())
    this.#stopStatus = connection.onStatus(() => listener.changed())
    this.#subscription = connection.subscribe(
      { channel: CHAT_CHANNEL, chat_id: chatId },
      {
        confirmed: () => this.#resync(),
        rejected: () => this.#become('rejected', () => listener.rejected()),
        lost: () => this.#become('waiting', () => listener.lost()),
        received: (event) => this.#received(event),
        after: () => log.last,
        poll: (signal) => this.#poll(signal),
      },
    )
  }

  /** Online means that this chat's events arrive, not merely that a socket is open. */
  get status(): Status {
    if (this.#state === 'live') return 'online'
    if (this.#state === 'rejected') return 'offline'
    return this.#connection.status === 'online' ? 'connecting' : this.#connection.status
  }

  perform(action: string, data: object): boolean {
    return this.#subscription.perform(action, data)
  }

  /** Messages came in by any way: if they left a gap, see to it. */
  checkGap(): void {
    if (this.#state === 'closed') return
    if (!this.#parts.log.hasGap) this.#gap.stop()
    else if (!this.#gap.isRunning && !this.#filling) this.#gap.start(GAP_PATIENCE_MS)
  }

  close(): void {
    this.#state = 'closed'
    this.#abandonFilling()
    this.#reread.stop()
    this.#stopStatus()
    this.#subscription.unsubscribe()
  }

  #become(state: 'waiting' | 'rejected', tell: () => void): void {
    this.#state = state
    this.#reread.stop()
    tell()
    this.#parts.listener.changed()
  }

  #resync(): void {
    this.#state = 'live'
    this.#failures = 0
    this.#abandonFilling()
    this.#subscription.perform('sync', { after: this.#parts.log.last })
    void this.#refresh()
    this.#parts.listener.live()
    this.#parts.listener.changed()
  }

  async #poll(signal: AbortSignal): Promise<boolean> {
    if (this.#state === 'waiting') this.#abandonFilling()
    let last: number
    let isReached: boolean
    do {
      last = this.#parts.log.last
      isReached = await this.#refresh(signal)
      // What brought something new may not have brought all of it.
    } while (isReached && this.#parts.log.last > last)
    if (isReached && this.#state === 'waiting') {
      this.#state = 'polled'
      this.#parts.listener.live()
    } else if (!isReached && this.#state === 'polled') {
      this.#state = 'waiting'
    }
    return isReached
  }

  /** What comes by no event: all of it without a stream, else read state that changed while away. */
  async #refresh(signal?: AbortSignal): Promise<boolean> {
    this.#reread.stop()
    const answer = await this.#parts.door.refresh(this.#parts.log.last, signal)
    if (this.#state === 'closed') return answer.ok
    if (!answer.ok && this.#state === 'live')
      this.#reread.start(retryDelay(this.#failures++, this.#parts.random))
    this.#parts.listener.refreshed(answer)
    return answer.ok
  }

  async #fillGap(): Promise<void> {
    const filling = {}
    this.#filling = filling
    const answer = await this.#parts.door.newer(this.#parts.log.last)
    if (this.#filling !== filling) return
    this.#filling = null
    if (answer.ok) {
      this.#failures = 0
      this.#parts.listener.fetched(answer.value)
    }
    if (this.#parts.log.hasGap) {
      this.#gap.start(
        answer.ok && answer.value.length > 0 ? 0 : retryDelay(this.#failures++, this.#parts.random),
      )
    }
  }

  /** The way to the desk is another one now; an answer over the old one may never come. */
  #abandonFilling(): void {
    this.#gap.stop()
    this.#filling = null
  }

  #received(event: unknown): void {
    // A parse boundary: unknown types and shapes fall through the listener's switch.
    if (typeof event === 'object' && event !== null) this.#parts.listener.received(event as ChatEvent)
  }
}
