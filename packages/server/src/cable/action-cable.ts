import {
  ADMIN_CHANNEL,
  ADMIN_STREAM,
  CHAT_CHANNEL,
  CHAT_CHANNEL_ALIAS,
  DeskbellError,
} from '@deskbell/protocol'
import type { Core } from '../core.ts'
import type { EndReason } from '../delivery/connections.ts'
import { type Encoding, Subscription } from '../delivery/subscription.ts'
import { type Channel, ChatChannel, type Params } from './chat-channel.ts'
import { textFrame } from './frame.ts'
import { isObject, parseObject } from './json.ts'
import type { CableSocket, Conversation } from './socket.ts'

/** Subscriptions of one connection; nobody has a use for more. */
const MAX_SUBSCRIPTIONS = 200
/** Characters of an identifier, which is kept as long as the subscription and sent with each of its events. */
const MAX_IDENTIFIER_LENGTH = 1_024
/** Actions that may wait for one subscription to be confirmed. */
const MAX_EARLY_ACTIONS = 100
/** Characters of all actions of one connection that may wait so. */
const MAX_EARLY_LENGTH = 1024 * 1024
/** Whoever has had as many look-ups at once as there are subscriptions gets one more each so many milliseconds. */
const LOOK_UP_MS = 50

export const WELCOME = textFrame('{"type":"welcome"}')

type Action = { name: string; data: Params }
type Place = { state: 'pending'; early: Action[] } | { state: 'confirmed'; channel: Channel }

type OpenChannel = (
  cable: ActionCable,
  identifier: string,
  place: Place,
  params: Params,
) => Promise<Channel | null> | Channel | null

/** Action Cable v1, `actioncable-v1-json`: what the stock clients of Rails and AnyCable speak. */
export class ActionCable implements Conversation {
  /** Every channel that can be subscribed to, by its name in the identifier. */
  static readonly channels: ReadonlyMap<unknown, OpenChannel> = new Map<unknown, OpenChannel>([
    [CHAT_CHANNEL, (cable, ...subscribe) => cable.#openChat(...subscribe)],
    [CHAT_CHANNEL_ALIAS, (cable, ...subscribe) => cable.#openChat(...subscribe)],
    [ADMIN_CHANNEL, (cable, identifier) => cable.#openAdminStream(identifier)],
  ])

  readonly kind = 'cable'
  readonly beats = true
  readonly #core: Core
  readonly #socket: CableSocket
  /** By the identifier's very bytes: two spellings are two subscriptions. */
  readonly #places = new Map<string, Place>()
  #isAnswering = false
  #earlyLength = 0
  /** When the look-ups so far are made up for, in milliseconds since 1970. */
  #evenAt = 0

  constructor(core: Core, socket: CableSocket) {
    this.#core = core
    this.#socket = socket
  }

  receive(text: string): void {
    const command = parseObject(text)
    if (command === null || typeof command.identifier !== 'string') return this.#ignore('a malformed frame')
    switch (command.command) {
      case 'subscribe':
        return this.#subscribe(command.identifier)
      case 'unsubscribe':
        return this.#unsubscribe(command.identifier)
      case 'message':
        return this.#perform(command.identifier, command.data)
      default:
        return this.#ignore('an unknown command')
    }
  }

  farewell(reason: EndReason): Buffer {
    // An expired token can be replaced by a fresh one; someone who was signed out has none.
    return disconnectFrame(reason, reason !== 'unauthorized')
  }

  close(): void {
    for (const identifier of [...this.#places.keys()]) this.#unsubscribe(identifier)
  }

  #subscribe(identifier: string): void {
    // A second confirm would make clients unsubscribe: a duplicate is swallowed, also while the first is pending.
    if (this.#places.has(identifier)) return
    if (this.#places.size >= MAX_SUBSCRIPTIONS || identifier.length > MAX_IDENTIFIER_LENGTH) {
      return this.#reject(identifier)
    }
    this.#places.set(identifier, { state: 'pending', early: [] })
    if (!this.#isAnswering) void this.#answerPending()
  }

  /**
   * Answers subscribes one after the other: however many come, one query at a time is the most that a connection
   * asks of the database, and what was left before its turn asks nothing.
   */
  async #answerPending(): Promise<void> {
    this.#isAnswering = true
    // What is added meanwhile comes at the end of the same round.
    for (const [identifier, place] of this.#places) {
      if (place.state === 'pending') await this.#answer(identifier, place)
      if (!this.#socket.isOpen) break
    }
    this.#isAnswering = false
    this.#earlyLength = 0
  }

  async #answer(identifier: string, place: Place & { state: 'pending' }): Promise<void> {
    const channel = await this.#open(identifier, place)
    if (this.#places.get(identifier) !== place) return void channel?.close() // left meanwhile
    if (channel === null) {
      this.#places.delete(identifier)
      return this.#reject(identifier)
    }
    this.#places.set(identifier, { state: 'confirmed', channel })
    for (const action of place.early) channel.perform(action.name, action.data)
  }

  async #open(identifier: string, place: Place): Promise<Channel | null> {
    const params = parseObject(identifier)
    const open = params && ActionCable.channels.get(params.channel)
    if (!open) return null
    try {
      return await open(this, identifier, place, params)
    } catch (error) {
      if (error instanceof DeskbellError && error.code === 'not_found') return null
      if (!this.#socket.isOpen) return null
      this.#core.log.error({ err: error }, 'a subscription failed')
      // Rejected, a client would give up for good. It is to come back instead.
      this.#socket.end('server_restart')
      return null
    }
  }

  async #openChat(identifier: string, place: Place, { chat_id }: Params): Promise<Channel | null> {
    if (typeof chat_id !== 'string') return null
    await this.#lookUpTurn()
    if (this.#places.get(identifier) !== place) return null // left meanwhile
    const confirm = () => {
      // Who left meanwhile may have come back, and is to hear one confirm: that of the later subscribe.
      if (this.#places.get(identifier) === place) this.#confirm(identifier)
    }
    const to = { sink: this.#socket, encoding: new CableEncoding(identifier), confirm }
    return await ChatChannel.open(this.#core, this.#socket.caller, chat_id, to)
  }

  /** Late is kinder than rejected, which clients take as final; and they ask again without harm meanwhile. */
  async #lookUpTurn(): Promise<void> {
    const now = this.#core.clock.now()
    this.#evenAt = Math.max(this.#evenAt, now) + LOOK_UP_MS
    if (this.#evenAt - now <= MAX_SUBSCRIPTIONS * LOOK_UP_MS) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_UP_MS).unref())
  }

  #openAdminStream(identifier: string): Channel | null {
    if (this.#socket.caller.role !== 'admin') return null
    const subscription = new Subscription(this.#socket, new CableEncoding(identifier), 'admin')
    const close = this.#core.hub.subscribe(ADMIN_STREAM, subscription)
    this.#confirm(identifier)
    return { perform: () => this.#ignore('an action on the admins’ stream'), close }
  }

  #unsubscribe(identifier: string): void {
    const place = this.#places.get(identifier)
    this.#places.delete(identifier)
    if (place?.state === 'confirmed') place.channel.close()
  }

  #perform(identifier: string, data: unknown): void {
    const place = this.#places.get(identifier)
    if (place === undefined) return this.#ignore('a message without a subscription')
    const parsed = data === undefined ? {} : typeof data === 'string' ? parseObject(data) : null
    if (!isObject(parsed)) return this.#ignore('a message with malformed data')
    const name = typeof parsed.action === 'string' ? parsed.action : 'receive'
    if (place.state === 'confirmed') return place.channel.perform(name, parsed)
    this.#earlyLength += typeof data === 'string' ? data.length : 0
    if (place.early.length < MAX_EARLY_ACTIONS && this.#earlyLength <= MAX_EARLY_LENGTH) {
      place.early.push({ name, data: parsed })
    }
  }

  #confirm(identifier: string): void {
    this.#socket.write(
      textFrame(`{"identifier":${JSON.stringify(identifier)},"type":"confirm_subscription"}`),
    )
  }

  #reject(identifier: string): void {
    this.#socket.write(textFrame(`{"identifier":${JSON.stringify(identifier)},"type":"reject_subscription"}`))
  }

  #ignore(what: string): void {
    this.#core.log.debug({ caller: this.#socket.caller.id }, `the cable ignored ${what}`)
  }
}

/** The frame that ends a conversation; `reconnect` tells the client whether to come back. */
export function disconnectFrame(reason: string, reconnect: boolean): Buffer {
  return textFrame(JSON.stringify({ type: 'disconnect', reason, reconnect }))
}

/** One for each subscription: a class, so that none of them holds a function of its own. */
class CableEncoding implements Encoding {
  /** What stands before the event. */
  readonly key: string

  constructor(identifier: string) {
    this.key = `{"identifier":${JSON.stringify(identifier)},"message":`
  }

  encode(json: string): Buffer {
    return textFrame(`${this.key}${json}}`)
  }
}
