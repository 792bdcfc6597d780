/** Fills the bytes with randomness, as `crypto.getRandomValues` does. */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => void

/** A UUIDv7 (RFC 9562 section 5.7) of the given time in milliseconds since 1970. */
export function uuidv7(now: number, fillRandom: FillRandom): string {
  const bytes = new Uint8Array(10)
  fillRandom(bytes)
  const random = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const time = now.toString(16).padStart(12, '0')
  const [, a, b, c] = /(...)(...)(.{12})/.exec(random) ?? []
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-8${b}-${c}`
}
