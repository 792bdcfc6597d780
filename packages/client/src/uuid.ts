/** Fills the bytes with randomness, as `crypto.getRandomValues` does. */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => void

/** A UUIDv7 (RFC 9562 section 5.7) of the given time in milliseconds since 1970. */
export function uuidv7(now: number, fillRandom: FillRandom): string {
  const bytes = new Uint8Array(10)
  fillRandom(bytes)
  const random = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const time = now.toString(16).padStart(12, '0')
  const variant = '89ab'.charAt(Number(bytes[9]) & 3)
  return `${time}7${random.slice(0, 3)}${variant}${random.slice(3, 18)}`.replace(
    /(.{8})(.{4})(.{4})(.{4})/,
    '$1-$2-$3-$4-',
  )
}
