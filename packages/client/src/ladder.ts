import { Cable } from './cable.ts'
import { Channel, type ChannelHandlers, type ChannelSubscription, statusOf } from './channel.ts'
import type { Clock } from './clock.ts'
import type { ChannelParams, Connection, ConnectionOptions, Status } from './connection.ts'
import type { Feed } from './event-feed.ts'
import { Line, type LineParts } from './line.ts'
import type { Tokens } from './tokens.ts'

/** What a ladder needs from outside. */
export interface LadderParts extends ConnectionOptions {
  tokens: Tokens
  clock: Clock
  random: () => number
  /** Where the event stream of a channel is; null where only the cable is to be used. */
  feedOf(params: ChannelParams): Feed | null
}

const WORST_FIRST: readonly Status[] = ['offline', 'connecting', 'polling', 'online']

/**
 * The cable, and where that is missing each channel's event stream, and where that is missing too a poll each 5 s. It
 * takes the lowest step that is needed and never stops trying the higher ones.
 */
export class Ladder implements Connection {
  readonly #parts: LadderParts
  readonly #channels = new Map<unknown, Channel>()
  readonly #listeners = new Set<() => void>()
  readonly #stopSignals: (() => void) | undefined
  readonly #cable: Cable
  readonly #line: Line
  #status: Status = 'connecting'

  constructor(parts: LadderParts) {
    this.#parts = parts
    this.#cable = new Cable(parts, parts.tokens, (identifier) => this.#channels.get(identifier))
    this.#line = this.#newLine({
      dial: (attempt) => this.#cable.dial(attempt),
      opened: () => this.#each((channel) => channel.ask()),
      lost: () => this.#each((channel) => channel.lose()),
    })
    this.#stopSignals = parts.signals?.(() => this.wake())
    this.#line.open()
  }

  get status(): Status {
    return this.#status
  }

  onStatus(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  subscribe(params: ChannelParams, handlers: ChannelHandlers): ChannelSubscription {
    const identifier = JSON.stringify(params)
    const known = this.#channels.get(identifier)
    const channel = known ?? this.#open(identifier, params)
    channel.add(handlers)
    if (!known) channel.ask()
    this.#climb()
    return {
      perform: (action, data) => channel.perform(handlers, action, data),
      unsubscribe: () => {
        if (channel.remove(handlers)) return
        this.#channels.delete(identifier)
        this.#climb()
      },
    }
  }

  wake(): void {
    this.#line.wake()
    this.#each((channel) => channel.wake())
  }

  close(): void {
    this.#stopSignals?.()
    this.#line.close()
    this.#each((channel) => channel.close())
    this.#channels.clear()
    this.#listeners.clear()
    this.#status = 'offline'
  }

  #open(identifier: string, params: ChannelParams): Channel {
    const channel = new Channel(identifier, this.#parts.feedOf(params), {
      clock: this.#parts.clock,
      send: (frame) => this.#cable.send(frame),
      newLine: (parts) => this.#newLine(parts),
      changed: () => this.#climb(),
    })
    this.#channels.set(identifier, channel)
    return channel
  }

  #newLine(parts: Pick<LineParts, 'dial' | 'opened' | 'lost'>): Line {
    return new Line({
      ...this.#parts,
      ...parts,
      isServed: () => this.#status === 'online' || this.#status === 'polling',
      changed: () => this.#climb(),
    })
  }

  #climb(): void {
    const { state } = this.#line
    if (state === 'closed') return
    const channels = [...this.#channels.values()].filter((channel) => !channel.isRejected)
    const isPolling = channels.some((channel) => channel.isFeedMissing)
    for (const channel of channels) channel.climb(state, isPolling)
    // No better than the channel that is worst off.
    const statuses = channels.map((channel) => channel.status(state))
    this.#report(WORST_FIRST.find((status) => statuses.includes(status)) ?? statusOf(state))
  }

  #report(status: Status): void {
    if (status === this.#status) return
    this.#status = status
    for (const listener of [...this.#listeners]) listener()
  }

  #each(tell: (channel: Channel) => void): void {
    for (const channel of [...this.#channels.values()]) tell(channel)
  }
}
