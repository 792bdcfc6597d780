import { DeskbellError, type ErrorCode, isErrorCode } from '@deskbell/protocol'

/** Where the desk answers, seen from the page that it served. */
export const API = '/api'

/** Calls the desk and reads its answer as JSON. Throws DeskbellError, `unavailable` when it cannot be reached. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(path, options)
  // The desk's own answer to its own page: the shape is its promise.
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** As `call`, with the address of the next page from the Link header. */
export async function callForPage<T>(
  path: string,
  options: CallOptions = {},
): Promise<{ items: T[]; next: string | null }> {
  const response = await send(path, options)
  return { items: (await response.json()) as T[], next: nextPage(response.headers.get('link')) }
}

/** Reads `rel="next"` of a Link header (RFC 8288). */
export function nextPage(link: string | null): string | null {
  for (const entry of link?.matchAll(/<([^>]*)>([^,<]*)/g) ?? []) {
    if (/;\s*rel="?next"?/i.test(entry[2] ?? '')) return entry[1] ?? null
  }
  return null
}

interface CallOptions {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  body?: object
  signal?: AbortSignal
}

async function send(path: string, { method = 'GET', body, signal }: CallOptions): Promise<Response> {
  const request: RequestInit = { method, headers: { accept: 'application/json' } }
  if (signal) request.signal = signal
  if (body) {
    request.headers = { accept: 'application/json', 'content-type': 'application/json' }
    request.body = JSON.stringify(body)
  }
  let response: Response
  try {
    response = await fetch(path, request)
  } catch (error) {
    if (signal?.aborted) throw error
    throw new DeskbellError('unavailable', 'The desk cannot be reached.')
  }
  if (!response.ok) throw await failure(response)
  return response
}

async function failure(response: Response): Promise<DeskbellError> {
  const problem: { code?: unknown; detail?: unknown } = await response.json().catch(() => ({}))
  const code = isErrorCode(problem.code) ? problem.code : codeOf(response.status)
  const detail = typeof problem.detail === 'string' ? problem.detail : response.statusText
  const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10)
  const options = { status: response.status }
  return new DeskbellError(code, detail, Number.isNaN(retryAfter) ? options : { ...options, retryAfter })
}

/** For answers that a proxy or the sign-in library gave. */
function codeOf(status: number): ErrorCode {
  if (status === 401) return 'unauthenticated'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 429) return 'rate_limited'
  return status >= 500 ? 'unavailable' : 'invalid'
}
