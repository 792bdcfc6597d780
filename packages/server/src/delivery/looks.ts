/** Which chats users have before their eyes on this desk: what they read anyway, nobody writes to them about. */
export class Looks {
  readonly #lookers = new Map<string, Set<object>>()

  /** `looker` is whatever looks: one subscription of the chat's own user. */
  set(chatId: string, looker: object, isLooking: boolean): void {
    const lookers = this.#lookers.get(chatId) ?? new Set()
    if (isLooking) this.#lookers.set(chatId, lookers.add(looker))
    else if (lookers.delete(looker) && lookers.size === 0) this.#lookers.delete(chatId)
  }

  isLooking(chatId: string): boolean {
    return this.#lookers.has(chatId)
  }
}
