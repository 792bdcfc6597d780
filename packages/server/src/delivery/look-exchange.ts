import { type Engine, LOOKS, type Looked } from '../engine.ts'
import type { Hub } from './hub.ts'
import type { Looks } from './looks.ts'
import { Subscription } from './subscription.ts'

/** How often a desk says again what is looked at: a word may be lost, and a desk may have come since. */
const REPEAT_MS = 15_000
/** What was not said again for so long is over. */
const OVER_MS = 40_000
/** Chats of one message: it has to fit on every bus. */
const BATCH = 100

/** Lets the desks of one database know what the users of the others have before their eyes. */
export class LookExchange {
  readonly #looks: Looks
  readonly #hub: Hub
  readonly #clock: Engine['clock']
  readonly #desk: string
  readonly #timer: NodeJS.Timeout

  constructor(looks: Looks, hub: Hub, { clock, newId }: Pick<Engine, 'clock' | 'newId'>) {
    this.#looks = looks
    this.#hub = hub
    this.#clock = clock
    this.#desk = newId()
    looks.onChange = (chatId, isLooking) => this.#say([chatId], isLooking)
    const sink = { isOpen: true, write: (frame: Buffer) => this.#hear(frame), ready: async () => {} }
    hub.subscribe(LOOKS, new Subscription(sink, { key: LOOKS, encode: (json) => Buffer.from(json) }, 'admin'))
    this.#timer = setInterval(() => this.#repeat(), REPEAT_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #repeat(): void {
    const all = this.#looks.here()
    for (let from = 0; from < all.length; from += BATCH) this.#say(all.slice(from, from + BATCH), true)
    this.#looks.forgetElsewhere(this.#clock.now() - OVER_MS)
  }

  #say(chats: string[], isLooking: boolean): void {
    this.#hub.publish([{ stream: LOOKS, event: { type: 'looked', desk: this.#desk, chats, isLooking } }])
  }

  #hear(frame: Buffer): void {
    const { desk, chats, isLooking } = JSON.parse(frame.toString()) as Looked
    if (desk === this.#desk) return
    for (const chatId of chats) this.#looks.setElsewhere(chatId, desk, isLooking, this.#clock.now())
  }
}
