import { type DeskEvent, type Engine, REVOCATIONS } from '../engine.ts'
import { Announcement } from './announcement.ts'
import type { Bus, BusMessage } from './bus/bus.ts'
import { Removals } from './removals.ts'
import type { Subscription } from './subscription.ts'

/** Sockets that one fan-out may write to before others get a turn. */
const FAN_OUT_SLICE = 2_000
/** What is heard later than this was read from the database already, and may be older than what was told since. */
const LATE_MS = 5_000

/** What looks after events that a bus could not carry, or lost. */
export interface HubRepair {
  /** Something is to be told on this desk, whichever desk it happened on. Tells whether it still says anything. */
  told(announcement: Announcement): boolean
  /** The event of a reference, as the database has it; null when it is gone. */
  find(message: BusMessage): Promise<DeskEvent | null>
  /** Hints may have been missed. */
  look(): void
}

interface Stream {
  readonly subscriptions: Set<Subscription>
  /** When the first of them came, by the database's clock. */
  readonly since: number
  /** Events that wait for the fan-out of the one before them. */
  waiting: Announcement[]
  isBusy: boolean
}

/** Streams and who listens to them: local subscriptions at once, other desks by the bus. */
export class Hub {
  readonly #streams = new Map<string, Stream>()
  readonly #bus: Bus
  readonly #engine: Pick<Engine, 'meter' | 'log' | 'clock'>
  #repair: HubRepair | undefined
  readonly #removals = new Removals()
  #backlog = 0

  constructor(bus: Bus, engine: Pick<Engine, 'meter' | 'log' | 'clock'>) {
    this.#bus = bus
    this.#engine = engine
    bus.listen({
      heard: (message) => this.#hear(message),
      dropped: (count) => engine.meter.hints('dropped', count),
      connected: () => this.#repair?.look(),
    })
    engine.meter.watch('delivery', () => this.#backlog)
  }

  repairedBy(repair: HubRepair): void {
    this.#repair = repair
  }

  /** Adds a listener; the function that is returned takes it away. */
  subscribe(name: string, subscription: Subscription): () => void {
    let stream = this.#streams.get(name)
    if (stream === undefined) {
      stream = { subscriptions: new Set(), since: this.#engine.clock.now(), waiting: [], isBusy: false }
      this.#streams.set(name, stream)
      this.#onBus(() => this.#bus.follow(name))
    }
    stream.subscriptions.add(subscription)
    return () => this.unsubscribe(name, subscription)
  }

  /** The same, for listeners so many that none should hold a function of its own. */
  unsubscribe(name: string, subscription: Subscription): void {
    const stream = this.#streams.get(name)
    stream?.subscriptions.delete(subscription)
    if (stream?.subscriptions.size !== 0) return
    this.#streams.delete(name)
    this.#onBus(() => this.#bus.leave(name))
  }

  /** Since when anyone here listens to a stream; undefined when nobody does. */
  followedSince(name: string): number | undefined {
    return this.#streams.get(name)?.since
  }

  /** A chat's log is known to reach so far: whoever was told less reads it. Tells whether there was anyone. */
  notice(name: string, seq: number): boolean {
    let isNews = false
    for (const subscription of this.#streams.get(name)?.subscriptions ?? []) {
      isNews = subscription.notice(seq) || isNews
    }
    return isNews
  }

  /** Tells what was committed. */
  publish(events: readonly DeskEvent[]): void {
    for (const event of events) {
      const announcement = Announcement.of(event, this.#engine.clock.now())
      this.#deliver(announcement)
      // What is told is committed already: a bus that fails must not make it look undone.
      this.#onBus(() => this.#bus.publish(announcement))
    }
    this.#engine.meter.hints('published', events.length)
  }

  /** Tells those on this desk alone: the others find it out by themselves. */
  tellHere(event: DeskEvent): void {
    this.#deliver(Announcement.of(event, this.#engine.clock.now()))
  }

  #hear(message: BusMessage): void {
    const { clock, meter } = this.#engine
    const { json } = message
    meter.hints('received', 1)
    const isLate = clock.now() - message.at > LATE_MS
    if (isLate && message.stream !== REVOCATIONS) return
    if (json !== null) return this.#deliver(Announcement.heard(message, json))
    if (message.seq !== null) return void this.notice(message.stream, message.seq)
    void this.#lookUp(message)
  }

  async #lookUp(message: BusMessage): Promise<void> {
    try {
      const event = await this.#repair?.find(message)
      if (event) this.tellHere(event)
    } catch (error) {
      this.#engine.log.warn({ err: error }, 'what another desk told could not be read')
    }
  }

  #onBus(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#engine.log.warn({ err: error }, 'the bus failed')
    }
  }

  #deliver(announcement: Announcement): void {
    if (!this.#removals.allows(announcement)) return
    if (this.#repair?.told(announcement) === false) return
    const stream = this.#streams.get(announcement.stream)
    if (stream === undefined) return
    if (stream.isBusy) {
      this.#backlog++
      stream.waiting.push(announcement)
      return
    }
    if (stream.subscriptions.size <= FAN_OUT_SLICE)
      this.#send(stream.subscriptions, announcement, new Frames(announcement))
    else void this.#fanOut(stream, announcement)
  }

  /** A fan-out that yields; what is published to the stream meanwhile waits, so that order holds. */
  async #fanOut(stream: Stream, first: Announcement): Promise<void> {
    stream.isBusy = true
    for (let next: Announcement | undefined = first; next !== undefined; next = stream.waiting.shift()) {
      if (next !== first) this.#backlog--
      const frames = new Frames(next)
      const all = [...stream.subscriptions]
      for (let from = 0; from < all.length; from += FAN_OUT_SLICE) {
        const slice = all.slice(from, from + FAN_OUT_SLICE).filter((one) => stream.subscriptions.has(one))
        this.#send(slice, next, frames)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    stream.isBusy = false
  }

  #send(to: Iterable<Subscription>, { seq }: Announcement, frames: Frames): void {
    let deliveries = 0
    for (const subscription of to) {
      subscription.offer(frames.of(subscription), seq)
      deliveries++
    }
    this.#engine.meter.delivered(deliveries)
  }
}

/** The frames of one event: each is made once for all that look the same. */
class Frames {
  readonly #announcement: Announcement
  readonly #known = { user: new Map<string, Buffer>(), admin: new Map<string, Buffer>() }

  constructor(announcement: Announcement) {
    this.#announcement = announcement
  }

  of({ side, encoding }: Subscription): Buffer {
    const { json, adminJson = json, seq } = this.#announcement
    const known = this.#known[adminJson === json ? 'user' : side]
    let frame = known.get(encoding.key)
    if (frame === undefined) {
      frame = encoding.encode(side === 'admin' ? adminJson : json, seq)
      known.set(encoding.key, frame)
    }
    return frame
  }
}
