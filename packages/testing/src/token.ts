import { createHmac } from 'node:crypto'

export const TEST_SECRET = 'a secret that only the tests know, 32+'

/** What a host app puts into its users' tokens. */
export interface TokenClaims {
  sub: string
  email: string
  name: string
  role?: 'admin' | undefined
  /** Seconds since 1970. */
  exp?: number | undefined
}

/** A JWT as a host app signs it, made without the library that the desk checks it with. */
export function signToken(
  claims: TokenClaims,
  { secret = TEST_SECRET, alg = 'HS256' }: { secret?: string; alg?: string } = {},
): string {
  const exp = claims.exp ?? Math.floor(Date.now() / 1000) + 3600
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const body = `${part({ alg, typ: 'JWT' })}.${part({ ...claims, exp })}`
  const hash = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }[alg]
  const signature = hash === undefined ? '' : createHmac(hash, secret).update(body).digest('base64url')
  return `${body}.${signature}`
}
