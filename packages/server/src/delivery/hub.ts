import type { Logger } from 'pino'
import type { DeskEvent, Meter } from '../engine.ts'
import type { Bus, BusMessage } from './bus.ts'
import type { Subscription } from './subscription.ts'

/** Sockets that one fan-out may write to before others get a turn. */
const FAN_OUT_SLICE = 2_000

interface Stream {
  readonly subscriptions: Set<Subscription>
  /** Events that wait for the fan-out of the one before them. */
  waiting: BusMessage[]
  isBusy: boolean
}

/** Streams and who listens to them: local subscriptions at once, other desks by the bus. */
export class Hub {
  readonly #streams = new Map<string, Stream>()
  readonly #bus: Bus
  readonly #meter: Meter
  readonly #log: Logger
  #backlog = 0

  constructor(bus: Bus, meter: Meter, log: Logger) {
    this.#bus = bus
    this.#meter = meter
    this.#log = log
    bus.subscribe((message) => this.#deliver(message))
    meter.watch('delivery', () => this.#backlog)
  }

  /** Adds a listener; the function that is returned takes it away. */
  subscribe(name: string, subscription: Subscription): () => void {
    let stream = this.#streams.get(name)
    if (stream === undefined) {
      stream = { subscriptions: new Set(), waiting: [], isBusy: false }
      this.#streams.set(name, stream)
    }
    stream.subscriptions.add(subscription)
    return () => this.unsubscribe(name, subscription)
  }

  /** The same, for listeners so many that none should hold a function of its own. */
  unsubscribe(name: string, subscription: Subscription): void {
    const stream = this.#streams.get(name)
    stream?.subscriptions.delete(subscription)
    if (stream?.subscriptions.size === 0) this.#streams.delete(name)
  }

  /** Tells what was committed. The bytes are made once, here. */
  publish(events: readonly DeskEvent[]): void {
    for (const { stream, event, forAdmins } of events) {
      const seq = event.type === 'new_message' ? event.message.seq : null
      const adminJson = forAdmins && { adminJson: JSON.stringify(forAdmins) }
      const message = { stream, seq, json: JSON.stringify(event), ...adminJson }
      this.#deliver(message)
      this.#hint(message)
    }
  }

  /** What is told is committed already: a bus that fails must not make it look undone. */
  #hint(message: BusMessage): void {
    try {
      this.#bus.publish(message)
    } catch (error) {
      this.#log.warn({ err: error }, 'other desks could not be told')
    }
  }

  #deliver(message: BusMessage): void {
    const stream = this.#streams.get(message.stream)
    if (stream === undefined) return
    if (stream.isBusy) {
      this.#backlog++
      stream.waiting.push(message)
      return
    }
    if (stream.subscriptions.size <= FAN_OUT_SLICE)
      this.#send(stream.subscriptions, message, new Frames(message))
    else void this.#fanOut(stream, message)
  }

  /** A fan-out that yields; what is published to the stream meanwhile waits, so that order holds. */
  async #fanOut(stream: Stream, first: BusMessage): Promise<void> {
    stream.isBusy = true
    for (
      let message: BusMessage | undefined = first;
      message !== undefined;
      message = stream.waiting.shift()
    ) {
      if (message !== first) this.#backlog--
      const frames = new Frames(message)
      const all = [...stream.subscriptions]
      for (let from = 0; from < all.length; from += FAN_OUT_SLICE) {
        const slice = all.slice(from, from + FAN_OUT_SLICE).filter((one) => stream.subscriptions.has(one))
        this.#send(slice, message, frames)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    stream.isBusy = false
  }

  #send(to: Iterable<Subscription>, { seq }: BusMessage, frames: Frames): void {
    let deliveries = 0
    for (const subscription of to) {
      subscription.offer(frames.of(subscription), seq)
      deliveries++
    }
    this.#meter.delivered(deliveries)
  }
}

/** The frames of one event: each is made once for all that look the same. */
class Frames {
  readonly #message: BusMessage
  readonly #known = { user: new Map<string, Buffer>(), admin: new Map<string, Buffer>() }

  constructor(message: BusMessage) {
    this.#message = message
  }

  of({ side, encoding }: Subscription): Buffer {
    const { json, adminJson = json, seq } = this.#message
    const known = this.#known[adminJson === json ? 'user' : side]
    let frame = known.get(encoding.key)
    if (frame === undefined) {
      frame = encoding.encode(side === 'admin' ? adminJson : json, seq)
      known.set(encoding.key, frame)
    }
    return frame
  }
}
