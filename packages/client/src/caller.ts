import type { VisitorToken } from '@deskbell/protocol'
import type { Failure, Rest } from './rest.ts'
import { isPassing } from './rest.ts'
import { attempt, type KeyStorage, STORAGE_PREFIX } from './storage.ts'
import type { Tokens } from './tokens.ts'

/** As whom the desk is called. */
export interface Caller {
  /** Whether the desk does not know anyone here yet. */
  isNobody(): boolean
  /** Makes the caller known; a failure says why that did not work. */
  introduce(): Promise<Failure | null>
}

/** Where a browser keeps who its visitor is. */
export class VisitorStorage {
  readonly #storage: KeyStorage | undefined
  readonly #key: string
  #token: string | null = null

  constructor(storage: KeyStorage | undefined, baseUrl: string) {
    this.#storage = storage
    this.#key = `${STORAGE_PREFIX}visitor:${baseUrl}`
  }

  read(): string | null {
    return this.#token ?? attempt(() => this.#storage?.getItem(this.#key)) ?? null
  }

  /** Without a storage the visitor lasts as long as the page. */
  write(token: string | null): void {
    this.#token = token
    attempt(() => {
      if (token === null) this.#storage?.removeItem(this.#key)
      else this.#storage?.setItem(this.#key, token)
    })
  }
}

/** Someone not signed in: gets an identity with the first message, not before. */
export function visitor(rest: Rest, storage: VisitorStorage, tokens: Tokens): Caller {
  const isNobody = () => storage.read() === null
  return {
    isNobody,
    async introduce() {
      if (!isNobody()) return null
      const answer = await rest.call<VisitorToken>('POST', '/visitors')
      if (!answer.ok) return answer.error
      storage.write(answer.value.token)
      tokens.refuse() // that there was none
      return null
    },
  }
}

/** A user of the host. Who was a visitor on this browser before brings the chat along. */
export function user(rest: Rest, storage: VisitorStorage): Caller {
  return {
    isNobody: () => false,
    async introduce() {
      const token = storage.read()
      if (token === null) return null
      const answer = await rest.call('POST', '/support_chat/claim', { visitor_token: token })
      if (!answer.ok && (isPassing(answer.error) || answer.error.code === 'unauthenticated'))
        return answer.error
      storage.write(null)
      return null
    },
  }
}
