import { EPOCH_HEADER, ERROR_CODES, type ErrorCode, isErrorCode } from '@deskbell/protocol'
import { type Clock, Timer } from './clock.ts'
import type { Tokens } from './tokens.ts'

/** Why a call or a message failed. Whether it may succeed later follows from the code. */
export interface Failure {
  code: ErrorCode
  message: string
  /** Seconds to wait before trying again, where the desk said so. */
  retryAfter?: number
}

/** What a call comes to: a value or a failure, never a throw. */
export type Answer<T> = { ok: true; value: T } | { ok: false; error: Failure }

/** What `Rest` needs from outside. */
export interface RestOptions {
  /** The desk's REST base without a slash at the end, such as `https://desk.example/api`. */
  baseUrl: string
  fetch?: typeof fetch | undefined
  clock: Clock
  tokens: Tokens
  /** The desk's messages are others than they were: a backup was put back. */
  restored?: (() => void) | undefined
}

type Method = 'GET' | 'POST' | 'PATCH'

const PATIENCE_MS = 15_000
const UNREACHABLE: Failure = { code: 'unavailable', message: 'The desk cannot be reached.' }

/** Whether the same attempt may succeed later. */
export const isPassing = (error: Failure): boolean => ERROR_CODES[error.code].retry

/** Calls the desk's REST interface as one caller. */
export class Rest {
  readonly #options: RestOptions
  readonly #underWay = new Set<AbortController>()
  #epoch: string | null = null

  constructor(options: RestOptions) {
    this.#options = options
  }

  /** Names the state of the desk that the answers so far are of; null while none has told. */
  get epoch(): string | null {
    return this.#epoch
  }

  /** A refused token is renewed and tried once more. The shape of `T` is the desk's promise. */
  async call<T>(method: Method, path: string, body?: object, signal?: AbortSignal): Promise<Answer<T>> {
    const answer = await this.#attempt<T>(method, path, body, signal)
    if (answer.ok || answer.error.code !== 'unauthenticated' || !this.#options.tokens.isRenewable)
      return answer
    this.#options.tokens.refuse()
    return this.#attempt<T>(method, path, body, signal)
  }

  /** The bytes of an event stream, until the desk ends it or `signal` does. Throws when the desk cannot be reached. */
  async listen(path: string, signal: AbortSignal): Promise<Answer<ReadableStream<Uint8Array<ArrayBuffer>>>> {
    return read(await this.#fetch(path, { headers: await this.#headers('text/event-stream'), signal }))
  }

  /** Abandons what is under way. */
  close(): void {
    for (const abort of this.#underWay) abort.abort()
  }

  async #attempt<T>(method: Method, path: string, body?: object, signal?: AbortSignal): Promise<Answer<T>> {
    const abort = new AbortController()
    const end = () => abort.abort()
    const patience = new Timer(this.#options.clock, end)
    signal?.addEventListener('abort', end, { signal: abort.signal })
    this.#underWay.add(abort)
    patience.start(PATIENCE_MS)
    try {
      const headers = await this.#headers('application/json')
      const init: RequestInit = { method, headers, signal: abort.signal }
      if (body) {
        headers['content-type'] = 'application/json'
        init.body = JSON.stringify(body)
      }
      const response = await this.#fetch(path, init)
      const epoch = this.#epoch
      const answer = await read<T>(response)
      // What is told to the end only when a backup was put back is not so any more.
      return epoch === this.#epoch ? answer : { ok: false, error: UNREACHABLE }
    } catch {
      return { ok: false, error: UNREACHABLE }
    } finally {
      patience.stop()
      end()
      this.#underWay.delete(abort)
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const response = await (this.#options.fetch ?? globalThis.fetch)(this.#options.baseUrl + path, init)
    const epoch = response.headers.get(EPOCH_HEADER)
    if (epoch === null) return response // nor does anything between here and the desk have one
    const isAnother = this.#epoch !== null && this.#epoch !== epoch
    this.#epoch = epoch
    if (isAnother) this.#options.restored?.()
    return response
  }

  async #headers(accept: string): Promise<Record<string, string>> {
    const token = await this.#options.tokens.current()
    const headers: Record<string, string> = { accept }
    if (token !== null) headers.authorization = `Bearer ${token}`
    return headers
  }
}

/** A captive portal answers 200 with a page of its own: whatever is not JSON did not come from the desk. */
async function read<T>(response: Response): Promise<Answer<T>> {
  const type = response.headers.get('content-type') ?? ''
  if (response.ok && type.startsWith('text/event-stream')) return { ok: true, value: response.body as T } // as well
  const isJson = type.includes('json')
  const value: unknown = isJson ? await response.json() : undefined
  // The desk's promise; no content is what T says then.
  if (response.ok && (isJson || response.status === 204)) return { ok: true, value: value as T }
  return { ok: false, error: problemOf(value, response) }
}

function problemOf(value: unknown, { headers }: Response): Failure {
  const { code, detail, retry_after } = (value ?? {}) as Record<string, unknown> // parse boundary
  const retryAfter = retry_after ?? headers.get('retry-after')
  return failure(code, 'unavailable', detail ?? 'The desk gave an unusable answer.', retryAfter)
}

/** A failure as the desk tells of it; `unknown` is its code where that makes no sense here. */
export function failure(code: unknown, unknown: ErrorCode, message: unknown, retryAfter: unknown): Failure {
  const seconds = Number(retryAfter)
  return {
    code: isErrorCode(code) ? code : unknown,
    message: String(message),
    ...(seconds > 0 && { retryAfter: seconds }),
  }
}
