import type { UnsentMessage } from './outbox.ts'

/** The part of `localStorage` that is used. */
export interface KeyStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** Every key that Deskbell keeps in a browser begins like this. */
export const STORAGE_PREFIX = 'deskbell:'

/**
 * The unsent messages of one owner (a user, or a chat), kept until the desk has them. Other tabs use the same key, so each change reads
 * first. A storage that is full or forbidden only costs the survival of a reload.
 */
export class UnsentStorage {
  readonly #storage: KeyStorage | undefined
  readonly #key: string

  constructor(storage: KeyStorage | undefined, owner: string) {
    this.#storage = storage
    this.#key = `${STORAGE_PREFIX}unsent:${owner}`
  }

  load(): UnsentMessage[] {
    try {
      const kept: unknown = JSON.parse(this.#storage?.getItem(this.#key) ?? '[]')
      return Array.isArray(kept) ? kept.filter(isUnsent) : []
    } catch {
      return []
    }
  }

  add({ clientId, content, createdAt }: UnsentMessage): void {
    this.#save([...this.#without(clientId), { clientId, content, createdAt }])
  }

  remove(clientId: string): void {
    if (this.load().some((message) => message.clientId === clientId)) this.#save(this.#without(clientId))
  }

  clear(): void {
    this.#save([])
  }

  #without(clientId: string): UnsentMessage[] {
    return this.load().filter((message) => message.clientId !== clientId)
  }

  #save(messages: UnsentMessage[]): void {
    try {
      if (messages.length === 0) this.#storage?.removeItem(this.#key)
      else this.#storage?.setItem(this.#key, JSON.stringify(messages))
    } catch {
      // Private windows and full disks: the message itself is still being sent.
    }
  }
}

function isUnsent(kept: unknown): kept is UnsentMessage {
  const { clientId, content, createdAt } = (kept ?? {}) as Record<string, unknown> // parse boundary
  return [clientId, content, createdAt].every((field) => typeof field === 'string')
}
