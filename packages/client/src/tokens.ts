import type { Clock } from './clock.ts'

/** A user's token, or where to get one. `null` means nobody, or the host's own cookie. */
export type TokenSource = string | (() => Promise<string | null> | string | null)

const EXPIRY_MARGIN_MS = 30_000

/** Keeps the token until it is refused or about to expire, so that the host is not asked for each call. */
export class Tokens {
  readonly #source: TokenSource | undefined
  readonly #clock: Clock
  #kept: Promise<string | null> | null = null

  constructor(source: TokenSource | undefined, clock: Clock) {
    this.#source = source
    this.#clock = clock
  }

  /** Whether asking again can give another token. */
  get isRenewable(): boolean {
    return typeof this.#source === 'function'
  }

  /** Throws what the host's function throws. */
  async current(): Promise<string | null> {
    const token = await this.#ask()
    if (token === null || !this.isRenewable || !this.#expiresSoon(token)) return token
    this.refuse()
    return this.#ask()
  }

  /** The desk did not accept it: ask again next time. */
  refuse(): void {
    this.#kept = null
  }

  #ask(): Promise<string | null> {
    if (this.#kept !== null) return this.#kept
    const source = this.#source
    const asked = Promise.resolve(typeof source === 'function' ? source() : (source ?? null))
    this.#kept = asked
    asked.catch(() => {
      if (this.#kept === asked) this.#kept = null
    })
    return asked
  }

  #expiresSoon(token: string): boolean {
    try {
      const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
      const { exp } = JSON.parse(atob(payload)) as { exp?: unknown } // a token's payload is the host's
      return typeof exp === 'number' && exp * 1_000 < this.#clock.now() + EXPIRY_MARGIN_MS
    } catch {
      return false // not a JWT: the desk will judge it
    }
  }
}
