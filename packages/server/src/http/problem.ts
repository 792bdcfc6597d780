import { DeskbellError, type ErrorCode, type Problem } from '@deskbell/protocol'
import { json } from './route.ts'

const TITLES: Record<ErrorCode, string> = {
  unauthenticated: 'Sign-in required',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  invalid: 'Invalid input',
  conflict: 'Conflict',
  too_large: 'Too large',
  rate_limited: 'Too many requests',
  unavailable: 'Temporarily unavailable',
}

/** An error as RFC 9457 problem details. */
export function problemResponse(error: DeskbellError, headers: Record<string, string> = {}): Response {
  const { code, status, message, retryAfter } = error
  const problem: Problem = {
    type: `urn:deskbell:problem:${code}`,
    title: TITLES[code],
    status,
    code,
    detail: message,
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
  }
  const response = json(problem, status, headers)
  response.headers.set('content-type', 'application/problem+json')
  response.headers.set('cache-control', 'no-store')
  if (retryAfter !== undefined) response.headers.set('retry-after', String(retryAfter))
  // RFC 9110 asks for a challenge with every 401.
  if (status === 401) response.headers.set('www-authenticate', 'Bearer')
  return response
}

/** A path that exists, but not for this method. */
export function methodNotAllowed(allowed: readonly string[]): Response {
  const error = new DeskbellError('invalid', `This address answers ${allowed.join(', ')}.`, { status: 405 })
  return problemResponse(error, { allow: allowed.join(', ') })
}
