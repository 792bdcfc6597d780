import { type Clock, Timer } from './clock.ts'

/** What a subscriber wants to hear. */
export interface ChannelHandlers {
  /** One event of the stream; its shape is the desk's to promise. */
  received(event: unknown): void
  /** The stream is live: at first, and after each reconnection. */
  confirmed?(): void
  rejected?(): void
  /** The stream stopped being live; it comes back by itself. */
  lost?(): void
}

/** One subscriber of one channel. */
export interface ChannelSubscription {
  /** Sends an action; false when the stream is not live, and then nothing was sent. */
  perform(action: string, data: object): boolean
  unsubscribe(): void
}

interface Channel {
  identifier: string
  handlers: Set<ChannelHandlers>
  state: 'waiting' | 'asked' | 'confirmed' | 'rejected'
  guard: Timer
}

// The desk swallows a repeated subscribe, so asking once more is safe where a confirm never came.
const ASK_AGAIN_MS = 3_000

/** The subscriptions of one cable, kept over its reconnections. Same parameters share one subscription. */
export class Channels {
  readonly #channels = new Map<string, Channel>()
  readonly #clock: Clock
  readonly #send: (frame: object) => boolean

  constructor(clock: Clock, send: (frame: object) => boolean) {
    this.#clock = clock
    this.#send = send
  }

  subscribe(params: Record<string, string>, handlers: ChannelHandlers): ChannelSubscription {
    const identifier = JSON.stringify(params)
    const known = this.#channels.get(identifier)
    const channel = known ?? this.#add(identifier)
    channel.handlers.add(handlers)
    if (!known) this.#ask(channel)
    if (channel.state === 'confirmed') {
      queueMicrotask(() => {
        if (channel.handlers.has(handlers) && channel.state === 'confirmed') handlers.confirmed?.()
      })
    }
    return {
      perform: (action, data) =>
        channel.state === 'confirmed' &&
        channel.handlers.has(handlers) &&
        this.#send({ command: 'message', identifier, data: JSON.stringify({ action, ...data }) }),
      unsubscribe: () => this.#leave(channel, handlers),
    }
  }

  /** The cable is up: ask for every channel. */
  opened(): void {
    for (const channel of this.#channels.values()) this.#ask(channel)
  }

  /** The cable is down. */
  lost(): void {
    for (const channel of this.#channels.values()) {
      const wasLive = channel.state === 'confirmed'
      channel.guard.stop()
      channel.state = 'waiting'
      if (wasLive) for (const handlers of [...channel.handlers]) handlers.lost?.()
    }
  }

  confirmed(identifier: string): void {
    const channel = this.#channels.get(identifier)
    if (!channel) return
    channel.guard.stop()
    channel.state = 'confirmed'
    for (const handlers of [...channel.handlers]) handlers.confirmed?.()
  }

  rejected(identifier: string): void {
    const channel = this.#channels.get(identifier)
    if (!channel) return
    channel.guard.stop()
    channel.state = 'rejected'
    for (const handlers of [...channel.handlers]) handlers.rejected?.()
  }

  received(identifier: string, event: unknown): void {
    const channel = this.#channels.get(identifier)
    if (channel) for (const handlers of [...channel.handlers]) handlers.received(event)
  }

  clear(): void {
    for (const channel of this.#channels.values()) {
      channel.guard.stop()
      channel.handlers.clear()
    }
    this.#channels.clear()
  }

  #add(identifier: string): Channel {
    const guard = new Timer(this.#clock, () => this.#ask(channel))
    const channel: Channel = { identifier, handlers: new Set(), state: 'waiting', guard }
    this.#channels.set(identifier, channel)
    return channel
  }

  #ask(channel: Channel): void {
    if (!this.#send({ command: 'subscribe', identifier: channel.identifier })) return
    channel.state = 'asked'
    channel.guard.start(ASK_AGAIN_MS)
  }

  #leave(channel: Channel, handlers: ChannelHandlers): void {
    if (!channel.handlers.delete(handlers) || channel.handlers.size > 0) return
    channel.guard.stop()
    this.#channels.delete(channel.identifier)
    if (channel.state !== 'waiting' && channel.state !== 'rejected') {
      this.#send({ command: 'unsubscribe', identifier: channel.identifier })
    }
  }
}
