import { addressGroup } from '../identity/client-address.ts'

/**
 * How much may be open from one address: sockets and event streams are counted together. An address that is not known
 * is not counted: everyone behind it would be one.
 */
export class ConnectionLimit {
  readonly #limit: number
  readonly #open = new Map<string, number>()

  /** `limit` is the connections of one address; 0 is no limit. */
  constructor(limit: number) {
    this.#limit = limit
  }

  isFull(address: string | null): boolean {
    return this.#isCounted(address) && this.#openFrom(addressGroup(address)) >= this.#limit
  }

  /** Takes a place until the function that is returned is called, once; none where nothing is counted. */
  take(address: string | null): (() => void) | undefined {
    if (!this.#isCounted(address)) return undefined
    const group = addressGroup(address)
    this.#open.set(group, this.#openFrom(group) + 1)
    return () => this.#giveBack(group)
  }

  #giveBack(group: string): void {
    const left = this.#openFrom(group) - 1
    if (left > 0) this.#open.set(group, left)
    else this.#open.delete(group)
  }

  #openFrom(group: string): number {
    return this.#open.get(group) ?? 0
  }

  #isCounted(address: string | null): address is string {
    return this.#limit > 0 && address !== null
  }
}
