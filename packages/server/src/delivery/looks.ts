/** Which chats users have before their eyes: what they read anyway, nobody writes to them about. */
export class Looks {
  readonly #lookers = new Map<string, Set<object>>()
  /** When each other desk said last that a chat is looked at there. */
  readonly #elsewhere = new Map<string, Map<string, number>>()
  /** Hears of a chat that someone begins to look at on this desk, or nobody looks at any more. */
  onChange: (chatId: string, isLooking: boolean) => void = () => {}

  /** `looker` is whatever looks: one subscription of the chat's own user. */
  set(chatId: string, looker: object, isLooking: boolean): void {
    const wasLookedAt = this.#lookers.has(chatId)
    const lookers = this.#lookers.get(chatId) ?? new Set()
    if (isLooking) this.#lookers.set(chatId, lookers.add(looker))
    else if (lookers.delete(looker) && lookers.size === 0) this.#lookers.delete(chatId)
    if (this.#lookers.has(chatId) !== wasLookedAt) this.onChange(chatId, !wasLookedAt)
  }

  isLooking(chatId: string): boolean {
    return this.#lookers.has(chatId) || this.#elsewhere.has(chatId)
  }

  /** The chats that are looked at on this desk. */
  here(): string[] {
    return [...this.#lookers.keys()]
  }

  /** Notes that a chat is looked at on another desk, or not any more. */
  setElsewhere(chatId: string, desk: string, isLooking: boolean, now: number): void {
    const desks = this.#elsewhere.get(chatId) ?? new Map<string, number>()
    if (isLooking) this.#elsewhere.set(chatId, desks.set(desk, now))
    else if (desks.delete(desk) && desks.size === 0) this.#elsewhere.delete(chatId)
  }

  /** Forgets what other desks have not said again since `then`: they are gone, or their last word was lost. */
  forgetElsewhere(then: number): void {
    for (const [chatId, desks] of this.#elsewhere) {
      for (const [desk, at] of desks) if (at < then) this.setElsewhere(chatId, desk, false, at)
    }
  }
}
