import { setTimeout as delay } from 'node:timers/promises'
import { type Connection, createAdminChat, createConnection } from '@deskbell/client'
import { tokenOf } from '../desk-process.ts'
import { LossyNetwork } from '../lossy-network.ts'
import { type Scene, Watched } from './person.ts'

/** An admin who has all chats open, over one connection, and answers now this one and now that. */
export class Admin {
  readonly name: string
  readonly network = new LossyNetwork()
  readonly #scene: Scene
  readonly #connection: Connection
  readonly chats: Watched[]
  #count = 0

  private constructor(scene: Scene, name: string, chatIds: readonly string[]) {
    this.name = name
    this.#scene = scene
    const { fetch, WebSocket, signals } = this.network
    const baseUrl = `${scene.balancer.url}/api`
    const token = () => tokenOf(name, 'admin')
    const surroundings = { baseUrl, token, fetch, signals }
    this.#connection = createConnection({ ...surroundings, url: scene.balancer.cableUrl, WebSocket })
    this.chats = chatIds.map((chatId) => {
      const chat = createAdminChat({ ...surroundings, connection: this.#connection, chatId })
      return new Watched(scene, name, chatId, 'admin', chat)
    })
  }

  /** To open a chat is to view it: nothing has been written yet. */
  static async come(scene: Scene, name: string, chatIds: readonly string[]): Promise<Admin> {
    const admin = new Admin(scene, name, chatIds)
    await Promise.all(admin.chats.map(({ conversation }) => conversation.open()))
    return admin
  }

  async live(over: AbortSignal): Promise<void> {
    const { random, mostPauseMs } = this.#scene
    while (!over.aborted) {
      await delay(random.between(20, mostPauseMs), undefined, { signal: over }).catch(() => {})
      if (over.aborted) return
      const chat = this.chats[random.between(0, this.chats.length - 1)]
      if (random.chance(0.3)) chat?.markRead()
      else chat?.send(`${this.name} answers ${++this.#count}`)
    }
  }

  close(): void {
    for (const { conversation } of this.chats) conversation.close()
    this.#connection.close()
  }
}
