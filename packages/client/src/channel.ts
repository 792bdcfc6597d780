import { type Clock, Timer } from './clock.ts'
import type { Status } from './connection.ts'
import { type Feed, followEvents } from './event-feed.ts'
import type { Line, LineParts, LineState } from './line.ts'
import { askOften } from './polls.ts'

/** What a subscriber wants to hear. */
export interface ChannelHandlers {
  /** One event of the stream; its shape is the desk's to promise. */
  received(event: unknown): void
  /** The stream is live: at first, after each reconnection, and whenever it comes another way. */
  confirmed?(): void
  rejected?(): void
  /** The stream stopped being live; it comes back by itself. */
  lost?(): void
  /** The seq after which a stream that cannot be asked to `sync` goes on. */
  after?(): number
  /** There is no stream: ask for what it would have told, each 5 s. False when the desk could not be reached. */
  poll?(signal: AbortSignal): Promise<boolean>
}

/** One subscriber of one channel. */
export interface ChannelSubscription {
  /** Sends an action; false when there is no cable for it, and then nothing was sent. */
  perform(action: string, data: object): boolean
  unsubscribe(): void
}

/** What a channel needs of its ladder. */
export interface ChannelHost {
  clock: Clock
  /** Sends a frame over the cable; false when there is none. */
  send(frame: object): boolean
  newLine(parts: Pick<LineParts, 'dial' | 'opened' | 'lost'>): Line
  changed(): void
}

/** Whether another way is needed. */
const isGone = (state: LineState | undefined): boolean => state === 'missing' || state === 'refused'

/** What the state of the last way left means to people. */
export function statusOf(state: LineState | undefined): Status {
  if (state === 'live') return 'online'
  return isGone(state) ? 'offline' : 'connecting'
}

// The desk swallows a repeated subscribe, so asking once more is safe where a confirm never came.
const ASK_AGAIN_MS = 3_000

/** One stream for all who subscribed to it, whatever way it comes. */
export class Channel {
  readonly #identifier: string
  readonly #host: ChannelHost
  readonly #handlers = new Set<ChannelHandlers>()
  readonly #guard: Timer
  readonly #feed: Line | undefined
  readonly #polls: Line | undefined
  /** On the cable. */
  #state: 'waiting' | 'asked' | 'confirmed' | 'rejected' = 'waiting'

  /** Without a feed there is only the cable. */
  constructor(identifier: string, feed: Feed | null, host: ChannelHost) {
    this.#identifier = identifier
    this.#host = host
    this.#guard = new Timer(host.clock, () => this.ask())
    if (!feed) return
    const listener = {
      resumption: () => this.#resumption(),
      receive: (event: unknown) => this.receive(event),
      reject: () => this.reject(),
    }
    this.#feed = host.newLine({
      dial: followEvents(feed, listener),
      opened: () => this.#tell('confirmed'),
      lost: () => this.#tell('lost'),
    })
    this.#polls = host.newLine({ dial: askOften(host.clock, (signal) => this.#poll(signal)) })
  }

  get isLive(): boolean {
    return this.#state === 'confirmed' || this.#feed?.state === 'live'
  }

  get isRejected(): boolean {
    return this.#state === 'rejected'
  }

  get isFeedMissing(): boolean {
    return this.#feed?.state === 'missing'
  }

  add(handlers: ChannelHandlers): void {
    this.#handlers.add(handlers)
    if (!this.isLive) return
    queueMicrotask(() => {
      if (this.#handlers.has(handlers) && this.isLive) handlers.confirmed?.()
    })
  }

  /** Returns whether anybody is left. */
  remove(handlers: ChannelHandlers): boolean {
    if (!this.#handlers.delete(handlers) || this.#handlers.size > 0) return true
    if (this.#state === 'asked' || this.#state === 'confirmed') this.#send({ command: 'unsubscribe' })
    this.close()
    return false
  }

  perform(handlers: ChannelHandlers, action: string, data: object): boolean {
    if (this.#state !== 'confirmed' || !this.#handlers.has(handlers)) return false
    return this.#send({ command: 'message', data: JSON.stringify({ action, ...data }) })
  }

  /** The cable is up, or does not answer. */
  ask(): void {
    if (!this.#send({ command: 'subscribe' })) return
    this.#state = 'asked'
    this.#guard.start(ASK_AGAIN_MS)
  }

  /** The cable is down. */
  lose(): void {
    const wasLive = this.#state === 'confirmed'
    this.#guard.stop()
    this.#state = 'waiting'
    if (wasLive) this.#tell('lost')
  }

  confirm(): void {
    this.#settle('confirmed')
  }

  reject(): void {
    this.#settle('rejected')
  }

  receive(event: unknown): void {
    for (const handlers of [...this.#handlers]) handlers.received(event)
  }

  /** Takes the lower steps where the cable is missing, and only as far down as needed. */
  climb(cable: LineState, isPolling: boolean): void {
    if (isGone(cable)) this.#feed?.open()
    const feed = this.#feed?.state
    if (feed === 'missing' || (feed === 'coming' && isPolling)) this.#polls?.open()
    else if (feed !== 'coming') this.#polls?.close()
  }

  status(cable: LineState): Status {
    if (this.isLive) return 'online'
    const polls = this.#polls?.state
    if (polls === 'live') return 'polling'
    if (cable === 'live' || !this.#feed) return statusOf(cable)
    return statusOf(this.#feed.state === 'refused' ? 'refused' : polls)
  }

  wake(): void {
    this.#feed?.wake()
    // Between two questions it is silent without being dead.
    if (this.#polls?.state !== 'live') this.#polls?.wake()
  }

  /** Leaves no timer and nothing under way. */
  close(): void {
    this.#guard.stop()
    this.#feed?.close()
    this.#polls?.close()
  }

  /** The desk has said what is to be; nothing else is needed. */
  #settle(state: 'confirmed' | 'rejected'): void {
    this.close()
    this.#state = state
    this.#tell(state)
    this.#host.changed()
  }

  #send(frame: object): boolean {
    return this.#host.send({ ...frame, identifier: this.#identifier })
  }

  #tell(what: 'confirmed' | 'rejected' | 'lost'): void {
    for (const handlers of [...this.#handlers]) handlers[what]?.()
  }

  /** Nothing may be missed by any of them. */
  #resumption(): string {
    const seqs = [...this.#handlers].flatMap((handlers) => handlers.after?.() ?? [])
    return seqs.length > 0 ? `?after=${Math.min(...seqs)}` : ''
  }

  #poll(signal: AbortSignal): Promise<boolean> {
    const answers = [...this.#handlers].map((handlers) => handlers.poll?.(signal) ?? false)
    return Promise.all(answers).then(
      (all) => all.every(Boolean),
      () => false,
    )
  }
}
