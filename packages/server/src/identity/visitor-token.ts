import { decodeProtectedHeader, SignJWT } from 'jose'
import type { Clock } from '../engine.ts'
import { type Caller, VISITOR_ID_PREFIX } from './caller.ts'
import { verifiedClaims } from './host-token.ts'
import { derivedSecret, hmacKey } from './keys.ts'

/** A visitor who comes back within a year finds their chat. */
const LIFETIME_MS = 365 * 86_400_000
const TYPE = 'deskbell-visitor+jwt'

/** Random identities that the desk signs for people who are not signed in. Nothing is stored. */
export interface VisitorTokens {
  mint(): Promise<string>
  /** Whether a token claims to be a visitor's; only `verify` tells whether it is. */
  claims(token: string): boolean
  /** Throws `unauthenticated` for anything but a visitor's token of this desk. */
  verify(token: string): Promise<Caller>
}

export function createVisitorTokens(secret: string, clock: Clock, newId: () => string): VisitorTokens {
  const key = hmacKey(derivedSecret(secret, 'visitor'))
  return {
    async mint() {
      return await new SignJWT()
        .setProtectedHeader({ alg: 'HS256', typ: TYPE })
        .setSubject(VISITOR_ID_PREFIX + newId())
        .setExpirationTime(Math.floor((clock.now() + LIFETIME_MS) / 1000))
        .sign(await key)
    },
    claims(token) {
      try {
        return decodeProtectedHeader(token).typ === TYPE
      } catch {
        return false
      }
    },
    async verify(token) {
      const { sub, exp } = await verifiedClaims(token, await key, clock, { typ: TYPE })
      return {
        role: 'visitor',
        id: String(sub),
        email: null,
        name: null,
        traits: null,
        locale: null,
        acceptedLocale: null,
        expiresAt: Number(exp) * 1000,
        session: null,
      }
    },
  }
}
