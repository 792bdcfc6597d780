import { type Conversation, createSupportChat } from '@deskbell/client'
import { type ChatState, type ChatVerbs, INITIAL_STATE, stateOf } from './chat-state.ts'
import {
  chatOptions,
  deskAddress,
  type EmbeddingOptions,
  hasSameLook,
  isSameCaller,
  lookOf,
} from './options.ts'
import { type ElementName, Place } from './place.ts'
import { eraseTraces } from './traces.ts'

/**
 * One conversation in a host's app: the app reads it here, and the widget's elements show the very same one. Touches
 * nothing of a browser before `start`.
 * @example
 * const embedding = new Embedding({ desk: 'https://desk.example', token })
 * const end = embedding.start()
 * const takeAway = embedding.place('deskbell-chat', document.body)
 */
export class Embedding {
  readonly verbs: ChatVerbs = {
    sendMessage: (text) => this.#wanted?.send(text) ?? '',
    markAsRead: (through) => this.#chat?.markRead(through),
    retry: (clientId) => this.#chat?.retry(clientId),
    loadOlder: async () => await this.#chat?.loadOlder(),
    open: () => {
      this.#show({ isOpen: true })
      for (const place of this.#places) place.launcher?.open()
    },
    close: () => {
      this.#show({ isOpen: false })
      for (const place of this.#places) place.launcher?.close()
    },
    logout: () => {
      this.#life = 'signed out'
      this.#leave((chat) => chat.forget())
      eraseTraces()
    },
  }
  #options: EmbeddingOptions
  #life: 'new' | 'begun' | 'signed out' | 'ended' = 'new'
  #chat: Conversation | null = null
  #state = INITIAL_STATE
  readonly #places = new Set<Place>()
  readonly #listeners = new Set<() => void>()

  constructor(options: EmbeddingOptions) {
    this.#options = options
  }

  /** Returns how to stop listening. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly getState = (): ChatState => this.#state

  /** Begins the conversation; returns how to end it, after which it may begin again. */
  start(): () => void {
    this.#life = 'begun'
    // A framework that rehearses ends what it started at once: nobody is asked for a token for that.
    queueMicrotask(() => this.#enter())
    return () => {
      this.#life = 'ended'
      this.#leave((chat) => chat.close())
    }
  }

  /** Another person or desk is another conversation; another look is shown by the one that there is. */
  update(options: EmbeddingOptions): void {
    const before = this.#options
    this.#options = options
    if (!isSameCaller(before, options)) {
      this.#leave((chat) => chat.close())
      if (this.#life === 'signed out') this.#life = 'begun'
      this.#enter()
    } else if (!hasSameLook(before, options)) {
      for (const { element } of this.#places) element?.update(lookOf(options))
    }
  }

  /** Adds an element to `parent` once the desk's script is there; returns how to take it away. */
  place(name: ElementName, parent: Element): () => void {
    const place = new Place(name, parent)
    this.#places.add(place)
    this.#fill()
    return () => {
      this.#places.delete(place)
      place.empty()
    }
  }

  /** Before the start as well: what a host sends while it is being put together is not lost. */
  get #wanted(): Conversation | null {
    if (this.#life === 'new' || this.#life === 'begun') this.#chat ??= this.#begin()
    return this.#chat
  }

  #enter(): void {
    if (this.#life !== 'begun') return
    void this.#wanted?.open()
    this.#fill()
  }

  #begin(): Conversation {
    const chat = createSupportChat(chatOptions(() => this.#options))
    chat.subscribe(() => this.#show(stateOf(chat.getSnapshot())))
    return chat
  }

  #leave(end: (chat: Conversation) => void): void {
    const chat = this.#chat
    this.#chat = null // or the closing of its panel would place another
    for (const place of this.#places) place.empty()
    if (chat) end(chat)
    this.#show(INITIAL_STATE)
  }

  #show(change: Partial<ChatState>): void {
    this.#state = { ...this.#state, ...change }
    this.#fill()
    for (const { element } of this.#places) element?.countUnread(this.#state.unreadCount)
    for (const listener of this.#listeners) listener()
  }

  /** A launcher that leads nowhere is not shown: only the desk knows what the host's cookie is worth. */
  #fill(): void {
    const { token, visitor } = this.#options
    const { loading, error } = this.#state
    const isWelcome = token || visitor || !(loading || error)
    if (!this.#chat || !isWelcome) return
    for (const place of this.#places) void this.#fillPlace(place, this.#chat)
  }

  async #fillPlace(place: Place, conversation: Conversation): Promise<void> {
    const settings = () => ({ ...lookOf(this.#options), conversation })
    const element = await place.fill(deskAddress(this.#options), settings)
    if (!element) return
    element.countUnread(this.#state.unreadCount)
    if (element !== place.launcher) return
    element.addEventListener('deskbell:open', () => this.#show({ isOpen: true }))
    element.addEventListener('deskbell:close', () => this.#show({ isOpen: false }))
    if (this.#state.isOpen) element.open()
  }
}
