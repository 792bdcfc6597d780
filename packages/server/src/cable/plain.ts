import { DeskbellError } from '@deskbell/protocol'
import type { Core } from '../core.ts'
import type { Encoding } from '../delivery/subscription.ts'
import { type Channel, ChatChannel } from './chat-channel.ts'
import { textFrame } from './frame.ts'
import { type JsonObject, parseObject } from './json.ts'
import type { CableSocket, Conversation } from './socket.ts'

/** Actions that may come before the chat is looked up. */
const MAX_EARLY_ACTIONS = 100
const ENCODING: Encoding = { key: 'plain', encode: textFrame }

/** The socket for clients written by hand: subscribed to one chat from the start, bare events. */
export class PlainSocket implements Conversation {
  readonly kind = 'plain'
  readonly beats = false
  readonly #core: Core
  readonly #socket: CableSocket
  #channel: Channel | null = null
  #early: JsonObject[] = []

  constructor(core: Core, socket: CableSocket) {
    this.#core = core
    this.#socket = socket
  }

  /** Follows the chat. A chat that is not the caller's closes the socket like one that does not exist. */
  async open(chatId: string): Promise<void> {
    try {
      const to = { sink: this.#socket, encoding: ENCODING, confirm: () => {} }
      this.#channel = await ChatChannel.open(this.#core, this.#socket.caller, chatId, to)
      for (const action of this.#early.splice(0)) this.#perform(this.#channel, action)
    } catch (error) {
      if (!(error instanceof DeskbellError && error.code === 'not_found'))
        return this.#socket.end('server_restart')
      this.#socket.close(1008, 'not_found')
    }
  }

  receive(text: string): void {
    const action = parseObject(text)
    if (action === null || typeof action.action !== 'string') return
    if (this.#channel !== null) this.#perform(this.#channel, action)
    else if (this.#early.length < MAX_EARLY_ACTIONS) this.#early.push(action)
  }

  farewell(): null {
    return null
  }

  close(): void {
    this.#channel?.close()
  }

  #perform(channel: Channel, action: JsonObject): void {
    channel.perform(String(action.action), action)
  }
}
