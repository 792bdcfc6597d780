import { DeskbellError, type Traits } from '@deskbell/protocol'
import type { Clock, Engine } from '../engine.ts'
import type { Caller } from './caller.ts'
import { createHostTokens } from './host-token.ts'
import { cookiesCount, type OriginRule } from './origin.ts'
import { acceptedLocale, complaint, hostPerson } from './person.ts'
import { presentedToken } from './presented.ts'
import { fittingTraits } from './traits.ts'
import { createVisitorTokens, type VisitorTokens } from './visitor-token.ts'

/** A person as the host app knows them. */
export interface HostPerson {
  /** The host's id, 1 to 191 characters. */
  id: string
  email?: string | null | undefined
  name?: string | null | undefined
  /** The language to write to them in, as a BCP 47 tag. */
  locale?: string | null | undefined
  admin?: boolean | undefined
  /** What the support team should see beside them, a plan or a city: at most 20; what does not fit is left out. */
  traits?: Traits | null | undefined
}

/**
 * Asks the host app who a request comes from; null is nobody. It sees HTTP calls and socket upgrades alike.
 * Cookies are removed from requests of pages that are not allowed to use them.
 *
 * @example
 * const identify = async (request: Request) => await findUserBySessionCookie(request.headers.get('cookie'))
 */
export type Identify = (request: Request) => Promise<HostPerson | null> | HostPerson | null

/** Tells who is calling. */
export interface Identity {
  /**
   * Null is nobody. Throws `unauthenticated` for a token that is forged, expired or made with another algorithm,
   * and `unavailable` when the host's callback fails.
   */
  identify(request: Request): Promise<Caller | null>
  /** Where visitors are allowed: their tokens. */
  readonly visitors: VisitorTokens | null
  readonly origins: OriginRule
}

/** Where a dashboard's session cookie leads; see admins.ts. */
export interface Sessions {
  callerOf(headers: Headers): Promise<Caller | null>
}

export interface IdentityParts {
  engine: Pick<Engine, 'clock' | 'log' | 'newId'>
  secret: string | null
  identify: Identify | null
  sessions: Sessions | null
  visitors: boolean
  origins: OriginRule
}

export function createIdentity(parts: IdentityParts): Identity {
  const { engine, secret, origins } = parts
  const tokens = secret === null ? null : createHostTokens(secret, engine.clock)
  const visitorTokens = secret === null ? null : createVisitorTokens(secret, engine.clock, engine.newId)
  const visitors = parts.visitors ? visitorTokens : null

  return {
    visitors,
    origins,
    async identify(request) {
      const caller = await callerOf(request)
      return caller && { ...caller, acceptedLocale: acceptedLocale(request.headers) }
    },
  }

  async function callerOf(request: Request): Promise<Caller | null> {
    const token = presentedToken(request)
    if (token !== null && visitorTokens?.claims(token)) {
      if (visitors === null) throw new DeskbellError('unauthenticated', 'Visitors are not allowed here')
      return await visitors.verify(token)
    }
    const trusted = cookiesCount(request, origins) ? request : withoutCookies(request)
    if (parts.identify !== null) {
      const caller = await askHost(parts.identify, trusted, engine)
      if (caller !== null) return caller
    }
    if (token !== null && tokens !== null) return await tokens.verify(token)
    if (token === null && parts.sessions !== null) return await parts.sessions.callerOf(trusted.headers)
    return null
  }
}

/** Whether the caller's time is up. */
export function hasExpired(caller: Caller, clock: Clock): boolean {
  return caller.expiresAt !== null && caller.expiresAt <= clock.now()
}

async function askHost(
  identify: Identify,
  request: Request,
  engine: Pick<Engine, 'log'>,
): Promise<Caller | null> {
  const person = await answerOf(identify, request, engine)
  if (person === null || person === undefined) return null
  const checked = hostPerson.safeParse(person)
  if (!checked.success) {
    engine.log.error(`identify() returned something else than a person: ${complaint(checked.error)}`)
    throw unavailable()
  }
  const { id, email, name, locale, admin, traits } = checked.data
  return {
    role: admin === true ? 'admin' : 'user',
    id,
    email: email ?? null,
    name: name || null,
    traits: fittingTraits(traits),
    locale: locale ?? null,
    acceptedLocale: null,
    expiresAt: null,
    session: null,
  }
}

async function answerOf(identify: Identify, request: Request, engine: Pick<Engine, 'log'>): Promise<unknown> {
  try {
    return await identify(request)
  } catch (error) {
    engine.log.error({ err: error }, 'identify() failed')
    throw unavailable()
  }
}

function withoutCookies(request: Request): Request {
  if (!request.headers.has('cookie')) return request
  const headers = new Headers(request.headers)
  headers.delete('cookie')
  return new Request(request.url, { method: request.method, headers })
}

function unavailable(): DeskbellError {
  return new DeskbellError('unavailable', 'Sign-in cannot be checked right now', { retryAfter: 5 })
}
