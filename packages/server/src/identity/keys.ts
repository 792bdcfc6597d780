import { hkdfSync } from 'node:crypto'
import type { CryptoKey } from 'jose'

type Purpose = 'visitor' | 'session' | 'unsubscribe' | 'demo-link' | 'demo-password'

/**
 * A key for one purpose, made of the desk's secret (HKDF, RFC 5869). What one purpose signs,
 * another never accepts.
 */
export function derivedSecret(secret: string, purpose: Purpose): string {
  return Buffer.from(hkdfSync('sha256', secret, '', `deskbell ${purpose} v1`, 32)).toString('base64url')
}

/** A secret as the key of HS256, imported once. */
export async function hmacKey(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret)
  return await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ])
}
