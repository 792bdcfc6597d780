import type { UnsentMessage } from './outbox.ts'
import { attempt, type KeyStorage, STORAGE_PREFIX } from './storage.ts'

/**
 * The unsent messages of one owner (a user, or a chat), kept until the desk has them. Each has a key of its own, so that
 * tabs that write at the same time take nothing from each other. A storage that is full or forbidden only costs sharing
 * and the survival of a reload.
 */
export class UnsentStorage {
  readonly storage: KeyStorage
  readonly prefix: string

  constructor(storage: KeyStorage, owner: string) {
    this.storage = storage
    this.prefix = `${STORAGE_PREFIX}unsent:${owner}:`
  }

  /** What cannot be kept as it is now is not kept as it was. */
  save(message: UnsentMessage): void {
    try {
      this.storage.setItem(this.prefix + message.clientId, JSON.stringify(message))
    } catch {
      this.remove(message.clientId)
    }
  }

  remove(clientId: string): void {
    attempt(() => this.storage.removeItem(this.prefix + clientId))
  }
}
