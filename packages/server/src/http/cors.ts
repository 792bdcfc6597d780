import { EPOCH_HEADER } from '@deskbell/protocol'
import { isAllowedOrigin, type OriginRule } from '../identity/origin.ts'

const EXPOSED = `Link, Retry-After, ${EPOCH_HEADER}`
const ALLOWED_HEADERS = 'Authorization, Content-Type, Last-Event-ID'
const PREFLIGHT_SECONDS = '86400'

/** Lets pages of allowed origins read an answer (WHATWG Fetch, CORS protocol). */
export function allowOrigin(response: Response, request: Request, rule: OriginRule): void {
  response.headers.append('vary', 'Origin')
  const origin = request.headers.get('origin')
  if (origin === null || !isAllowedOrigin(origin, request, rule)) return
  response.headers.set('access-control-allow-origin', origin)
  response.headers.set('access-control-allow-credentials', 'true')
  response.headers.set('access-control-expose-headers', EXPOSED)
}

/** Answers OPTIONS: with the permissions of a preflight where the page is allowed. */
export function preflight(request: Request, rule: OriginRule, methods: readonly string[]): Response {
  const allowed = methods.join(', ')
  const response = new Response(null, { status: 204, headers: { allow: allowed } })
  allowOrigin(response, request, rule)
  if (response.headers.has('access-control-allow-origin')) {
    response.headers.set('access-control-allow-methods', allowed)
    response.headers.set('access-control-allow-headers', ALLOWED_HEADERS)
    response.headers.set('access-control-max-age', PREFLIGHT_SECONDS)
  }
  return response
}
