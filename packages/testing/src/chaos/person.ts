import { setTimeout as delay } from 'node:timers/promises'
import { type ClientMessage, type Conversation, createSupportChat } from '@deskbell/client'
import { MemoryStorage } from '@deskbell/client/testing'
import type { SenderType } from '@deskbell/protocol'
import { tokenOf } from '../desk-process.ts'
import { LossyNetwork } from '../lossy-network.ts'
import type { Seeded } from '../seeded.ts'
import type { Balancer } from './balancer.ts'
import type { View } from './ending.ts'
import type { History } from './history.ts'

/** Where everyone goes, and what is noted of it. */
export interface Scene {
  balancer: Balancer
  history: History
  random: Seeded
  /** A message was shown as sent: the database is asked whether it has it. */
  shownAsSent(client: string, clientId: string): void
  /** Pause between two things that one person does, at most. */
  mostPauseMs: number
}

/** One conversation on one screen; whatever it shows is noted. */
export class Watched {
  readonly client: string
  readonly chatId: string
  readonly conversation: Conversation
  readonly #side: SenderType
  readonly #scene: Scene
  readonly #noted = new Set<ClientMessage>()

  constructor(scene: Scene, client: string, chatId: string, side: SenderType, conversation: Conversation) {
    this.client = client
    this.chatId = chatId
    this.conversation = conversation
    this.#side = side
    this.#scene = scene
    conversation.subscribe(() => this.#note())
  }

  /** The highest seq that is on the screen. */
  get last(): number {
    return this.conversation.getSnapshot().messages.findLast(({ seq }) => seq !== null)?.seq ?? 0
  }

  send(content: string): void {
    const { client, chatId } = this
    const clientId = this.conversation.send(content)
    this.#scene.history.invoke({ client, chatId, side: this.#side, clientId, content })
  }

  markRead(): void {
    const { client, chatId, last } = this
    this.#scene.history.see({ client, chatId, side: this.#side, through: last })
    this.conversation.markRead(last)
  }

  view(caughtUpAfterMs: number | null): View {
    const { messages, unreadCount } = this.conversation.getSnapshot()
    const shown = messages.map(({ seq, clientId, content, senderId }) => ({
      seq,
      clientId,
      content,
      senderId,
    }))
    return {
      client: this.client,
      chatId: this.chatId,
      side: this.#side,
      messages: shown,
      unreadCount,
      caughtUpAfterMs,
    }
  }

  #note(): void {
    const { client, chatId } = this
    for (const message of this.conversation.getSnapshot().messages) {
      if (this.#noted.has(message)) continue
      const { seq, clientId, content, state } = message
      if (state === 'sending') continue
      this.#noted.add(message)
      if (seq !== null) this.#scene.history.sight({ client, chatId, seq, clientId, content })
      if (clientId === null) continue
      const isNews = this.#scene.history.answer(clientId, state === 'sent' ? 'ok' : 'failed', seq)
      if (isNews && state === 'sent') this.#scene.shownAsSent(client, clientId)
    }
  }
}

/** How one user is. */
export interface Manner {
  tabs: number
  /** In how many cases they read what they see. */
  reads: number
}

/** A user with a device or two, who writes, reads, and loads the page again now and then. */
export class Person {
  readonly name: string
  readonly chatId: string
  readonly tabs: Tab[]
  readonly #scene: Scene
  readonly #manner: Manner
  #count = 0

  private constructor(scene: Scene, name: string, chatId: string, manner: Manner) {
    this.name = name
    this.chatId = chatId
    this.#scene = scene
    this.#manner = manner
    this.tabs = Array.from(
      { length: manner.tabs },
      (_, index) => new Tab(scene, `${name}/${index + 1}`, name, chatId),
    )
  }

  static async come(scene: Scene, name: string, manner: Manner): Promise<Person> {
    const headers = { authorization: `Bearer ${tokenOf(name)}` }
    const answer = await fetch(`${scene.balancer.url}/api/support_chat`, { headers })
    const { id } = (await answer.json()) as { id: string }
    const person = new Person(scene, name, id, manner)
    await Promise.all(person.tabs.map((tab) => tab.watched.conversation.open()))
    return person
  }

  async live(over: AbortSignal): Promise<void> {
    const { random, mostPauseMs } = this.#scene
    while (!over.aborted) {
      await delay(random.between(20, mostPauseMs), undefined, { signal: over }).catch(() => {})
      if (over.aborted) return
      const tab = this.tabs[random.between(0, this.tabs.length - 1)]
      if (random.chance(0.04)) tab?.reload()
      else if (random.chance(this.#manner.reads)) tab?.watched.markRead()
      else tab?.watched.send(`${this.name} asks ${++this.#count}`)
    }
  }
}

/** A tab of a device of its own: the storage outlives the page. */
export class Tab {
  readonly network = new LossyNetwork()
  readonly #storage = new MemoryStorage()
  readonly #scene: Scene
  readonly #open: () => Watched
  watched: Watched

  constructor(scene: Scene, client: string, name: string, chatId: string) {
    this.#scene = scene
    const { url, cableUrl } = scene.balancer
    const { fetch, WebSocket, signals } = this.network
    const options = { baseUrl: `${url}/api`, cableUrl, token: () => tokenOf(name), isKnown: true }
    this.#open = () => {
      const storage = { storage: this.#storage, locks: null }
      const chat = createSupportChat({ ...options, ...storage, fetch, WebSocket, signals })
      return new Watched(scene, client, chatId, 'user', chat)
    }
    this.watched = this.#open()
  }

  /** The page goes, and with it everything that was not kept; it comes back at once. */
  reload(): void {
    this.close()
    this.#scene.history.forget(this.watched.client)
    this.watched = this.#open()
    void this.watched.conversation.open()
  }

  close(): void {
    this.watched.conversation.close()
  }
}
