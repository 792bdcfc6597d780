import type { Clock } from './clock.ts'

/** A user's token, or where to get one. `null` means nobody, or the host's own cookie. */
export type TokenSource = string | (() => Promise<string | null> | string | null)

const EXPIRY_MARGIN_MS = 30_000

/** Keeps the token until it is refused or about to expire, so that the host is not asked for each call. */
export class Tokens {
  readonly #source: TokenSource | undefined
  readonly #clock: Clock
  #kept: Promise<string | null> | null = null
  #lastSeen: string | null = null

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
    let token = await this.#ask()
    if (this.isRenewable && this.#expiresSoon(token)) {
      this.refuse()
      token = await this.#ask()
    }
    this.#lastSeen = token
    return token
  }

  /** Whose token was last seen, by its claim `sub`; null where that cannot be told. */
  get subject(): string | null {
    const { sub } = claimsOf(typeof this.#source === 'string' ? this.#source : this.#lastSeen)
    return typeof sub === 'string' ? sub : null
  }

  /** The desk did not accept it: ask again next time. */
  refuse(): void {
    this.#kept = null
  }

  #ask(): Promise<string | null> {
    if (this.#kept !== null) return this.#kept
    const source = this.#source
    // An attribute without a value is nobody, too.
    const asked = Promise.resolve(typeof source === 'function' ? source() : source).then(
      (token) => token || null,
    )
    this.#kept = asked
    asked.catch(() => {
      if (this.#kept === asked) this.#kept = null
    })
    return asked
  }

  #expiresSoon(token: string | null): boolean {
    const { exp } = claimsOf(token)
    return typeof exp === 'number' && exp * 1_000 < this.#clock.now() + EXPIRY_MARGIN_MS
  }
}

/** What a JWT says of itself, unverified: enough to ask for a new one in time, never to trust. */
function claimsOf(token: string | null): { exp?: unknown; sub?: unknown } {
  try {
    const payload = (token?.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')
    return (JSON.parse(atob(payload)) ?? {}) as { exp?: unknown; sub?: unknown } // parse boundary
  } catch {
    return {} // not a JWT: the desk will judge it
  }
}
