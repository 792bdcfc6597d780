/** A stretch of a message: plain text, or an address that may be followed. */
export type Piece = { text: string; href: string | null }

const ADDRESS = /(?:https?:\/\/|mailto:)[^\s<>"'`]+/giu
/** A full stop after an address ends the sentence, not the address. */
const TRAILING = /[.,:;!?…*_~]+$/u
const PAIRS: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['[', ']'],
]

/** Finds the http, https and mailto links of a text; joining the pieces' texts gives the text back. */
export function withLinks(text: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0])
    if (!isAddress(address)) continue
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), href: null })
    pieces.push({ text: address, href: address })
    end = match.index + address.length
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null })
  return pieces
}

/** Whether a message is nothing but a few emoji, which are then shown larger. */
export function isEmojiOnly(text: string): boolean {
  return text.length <= 40 && /^(?:\s*(?:\p{RGI_Emoji}))+\s*$/v.test(text)
}

function trimmed(match: string): string {
  let address = match
  for (;;) {
    const shorter = withoutStrayCloser(address.replace(TRAILING, ''))
    if (shorter === address) return address
    address = shorter
  }
}

function withoutStrayCloser(address: string): string {
  const stray = PAIRS.some(
    ([open, close]) => address.endsWith(close) && count(address, close) > count(address, open),
  )
  return stray ? address.slice(0, -1) : address
}

const count = (text: string, character: string) => text.split(character).length - 1

function isAddress(address: string): boolean {
  const url = URL.parse(address)
  if (url === null) return false
  if (url.protocol === 'mailto:') return url.pathname.includes('@')
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== ''
}
