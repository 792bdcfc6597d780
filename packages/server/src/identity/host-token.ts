import { DeskbellError, type Traits } from '@deskbell/protocol'
import type { CryptoKey } from 'jose'
import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify, SignJWT } from 'jose'
import type { Clock } from '../engine.ts'
import type { Caller } from './caller.ts'
import { hmacKey } from './keys.ts'
import { complaint, hostClaims } from './person.ts'
import { fittingTraits } from './traits.ts'

/** What a host says of a person in a token. */
export interface TokenClaims {
  sub: string
  email: string
  /** Empty for someone whose name is not known. */
  name: string
  /** The language to write to them in, as a BCP 47 tag. */
  locale?: string | undefined
  role?: 'user' | 'admin' | undefined
  traits?: Traits | undefined
}

/** The host's tokens: JWTs that it signs with the desk's secret, HS256 and nothing else (RFC 8725). */
export interface HostTokens {
  /** The caller of a valid token. Throws `unauthenticated` for anything else. */
  verify(token: string): Promise<Caller>
}

export function createHostTokens(secret: string, clock: Clock): HostTokens {
  const key = hmacKey(secret)
  return {
    async verify(token) {
      const claims = hostClaims.safeParse(await verifiedClaims(token, await key, clock, {}))
      if (!claims.success) throw refused(`The token does not fit: ${complaint(claims.error)}`)
      const { sub, exp, email, name, locale, role, traits } = claims.data
      return {
        role: role === 'admin' ? 'admin' : 'user',
        id: sub,
        email,
        name: name || null,
        traits: fittingTraits(traits),
        locale: locale ?? null,
        acceptedLocale: null,
        expiresAt: exp * 1000,
        session: null,
      }
    },
  }
}

/**
 * Signs a token as a host would; `expiresAt` is in milliseconds since 1970.
 *
 * @example
 * const token = await signHostToken(secret, { sub: '42', email: 'ann@example.com', name: 'Ann' }, Date.now() + 3_600_000)
 */
export async function signHostToken(secret: string, claims: TokenClaims, expiresAt: number): Promise<string> {
  return await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setExpirationTime(Math.floor(expiresAt / 1000))
    .sign(await hmacKey(secret))
}

/** The claims of a token that this key signed and that has not expired. Throws `unauthenticated`. */
export async function verifiedClaims(
  token: string,
  key: CryptoKey,
  clock: Clock,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, key, {
      ...options,
      algorithms: ['HS256'],
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(clock.now()),
    })
    return payload
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw refused('The token has expired')
    if (error instanceof errors.JWTClaimValidationFailed && error.reason === 'missing') {
      throw refused(`The token does not fit: ${error.claim}: is required`)
    }
    if (error instanceof errors.JOSEError) throw refused('The token is not valid')
    throw error
  }
}

function refused(detail: string): DeskbellError {
  return new DeskbellError('unauthenticated', detail)
}
