import { TOKEN_SUBPROTOCOL_PREFIX } from '@deskbell/protocol'

/**
 * The token that a request presents: as a bearer (RFC 6750), as a subprotocol, or in the query. The last only
 * for sockets and event streams, whose clients cannot set headers: addresses of other calls end up in logs.
 */
export function presentedToken(request: Request): string | null {
  return bearer(request) ?? subprotocol(request) ?? query(request)
}

/** Whether the request wants to become a socket. */
export function isUpgrade(request: Request): boolean {
  return request.headers.get('upgrade')?.toLowerCase() === 'websocket'
}

function bearer(request: Request): string | null {
  return /^bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null
}

function subprotocol(request: Request): string | null {
  if (!isUpgrade(request)) return null
  const offered = request.headers.get('sec-websocket-protocol')?.split(',') ?? []
  const carrier = offered.map((name) => name.trim()).find((name) => name.startsWith(TOKEN_SUBPROTOCOL_PREFIX))
  return carrier?.slice(TOKEN_SUBPROTOCOL_PREFIX.length) || null
}

function query(request: Request): string | null {
  if (!request.url.includes('token=')) return null
  const { pathname, searchParams } = new URL(request.url)
  const isStream = request.method === 'GET' && pathname.endsWith('/events')
  return isUpgrade(request) || isStream ? searchParams.get('token') || null : null
}
