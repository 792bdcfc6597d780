import type { SenderType, SupportMessage } from '@deskbell/protocol'
import type { ClientMessage } from './message-log.ts'

/** How far one side has seen what the other wrote. Only moves forward. */
export class Unread {
  readonly #side: SenderType
  #seen = 0
  #stored = 0
  // What is unread below the newest page is known as a number only.
  #below = { before: 1, count: 0 }

  constructor(side: SenderType) {
    this.#side = side
  }

  /** How far this side has seen. */
  get seen(): number {
    return this.#seen
  }

  /** Seen here, but the desk has not confirmed it. */
  get isUnsaved(): boolean {
    return this.#seen > this.#stored
  }

  /** The desk knows that this side has seen up to `through`. */
  stored(through: number): void {
    this.#stored = Math.max(this.#stored, through)
    this.#seen = Math.max(this.#seen, through)
  }

  /** The desk counted `unreadCount` while `page` was the newest page. */
  counted(unreadCount: number, page: readonly SupportMessage[]): void {
    const theirs = page.filter((message) => message.sender_type !== this.#side)
    const read = theirs.findLast((message) => message.read_at !== null)
    if (read) this.stored(read.seq)
    const unreadHere = theirs.filter((message) => message.read_at === null).length
    this.#below = { before: page[0]?.seq ?? 1, count: Math.max(0, unreadCount - unreadHere) }
    if (this.#below.count === 0) this.stored(this.#below.before - 1)
  }

  /** Seen on this screen; returns whether that covers anything new of the other side. */
  see(through: number, messages: readonly ClientMessage[]): boolean {
    if (through <= this.#seen) return false
    const before = this.count(messages)
    this.#seen = through
    return this.count(messages) < before
  }

  count(messages: readonly ClientMessage[]): number {
    const { before, count: below } = this.#below
    let count = this.#seen >= before - 1 ? 0 : below
    const start = below > 0 ? Math.max(this.#seen, before - 1) : this.#seen
    for (let index = messages.length - 1; index >= 0; index--) {
      const message = messages[index]
      if (!message || (message.seq ?? 0) <= start) break
      if (message.senderType !== this.#side && message.readAt === null) count++
    }
    return count
  }
}
