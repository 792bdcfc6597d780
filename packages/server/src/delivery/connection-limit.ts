import { addressGroup } from '../identity/client-address.ts'

/** How much may be open from one address: sockets and event streams are counted together. */
export class ConnectionLimit {
  readonly #limit: number
  readonly #open = new Map<string, number>()

  /** `limit` is the connections of one address; 0 is no limit. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /**
   * Takes a place until the function that is returned is called, once; null when the address has no place left.
   * An address that is not known is not counted: everyone behind it would be one.
   */
  take(address: string | null): (() => void) | null {
    if (this.#limit === 0 || address === null) return ignore
    const group = addressGroup(address)
    const open = this.#open.get(group) ?? 0
    if (open >= this.#limit) return null
    this.#open.set(group, open + 1)
    return () => this.#giveBack(group)
  }

  #giveBack(group: string): void {
    const left = (this.#open.get(group) ?? 1) - 1
    if (left > 0) this.#open.set(group, left)
    else this.#open.delete(group)
  }
}

function ignore(): void {}
