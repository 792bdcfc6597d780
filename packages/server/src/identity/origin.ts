import { isUpgrade } from './presented.ts'

/** Which pages may use the cookies of the people who open them. */
export interface OriginRule {
  /** The origin of PUBLIC_URL; without it, the address that the request itself was sent to. */
  publicOrigin: string | null
  allowedOrigins: readonly string[]
}

/** Whether a page of this origin belongs to the desk or is on the operator's list. */
export function isAllowedOrigin(origin: string, request: Request, rule: OriginRule): boolean {
  return rule.allowedOrigins.includes(origin) || isOwnOrigin(origin, request, rule)
}

/**
 * Whether the cookies of this request may speak for anyone. A cookie travels with whatever any page asks for,
 * so what changes something and what becomes a socket must come from an allowed page; a plain read without
 * an Origin is a navigation or a same-origin fetch, unless the browser says otherwise (Fetch Metadata).
 */
export function cookiesCount(request: Request, rule: OriginRule): boolean {
  const origin = request.headers.get('origin')
  if (origin !== null) return isAllowedOrigin(origin, request, rule)
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (!isRead || isUpgrade(request)) return false
  const site = request.headers.get('sec-fetch-site')
  return site === null || site === 'same-origin' || site === 'none'
}

function isOwnOrigin(origin: string, request: Request, rule: OriginRule): boolean {
  if (rule.publicOrigin !== null) return origin === rule.publicOrigin
  // Behind a proxy that ends TLS the desk sees http, the page https: the host decides.
  const host = request.headers.get('host') ?? new URL(request.url).host
  return URL.canParse(origin) && /^https?:/.test(origin) && new URL(origin).host === host.toLowerCase()
}
