/** A stretch of a message: plain where `href` is null, or an address that may be followed. */
export interface TextPart {
  text: string
  href: string | null
}

const ADDRESS = /(?:https?:\/\/|mailto:)[^\s<>"`]+/gi
// A stop or a closing mark after an address ends the sentence, not the address.
const STOPS = ".,:;!?'’”»…*_~"
const BRACKETS = [
  ['(', ')'],
  ['[', ']'],
] as const

// By the properties that emoji are made of (UTS 51): `\p{RGI_Emoji}` lists them all, and takes 30 ms to compile.
const ONE_TO_FIVE_EMOJI =
  /^(?:(?:\p{RI}{2}|[\d#*]\uFE0F\u20E3|(?!\p{RI})(?:\p{EPres}|\p{ExtPict}(?=\uFE0F|\u200D|\p{EMod}))(?:\uFE0F|\p{EMod}|[\u{E0020}-\u{E007F}]+)?(?:\u200D\p{ExtPict}(?:\uFE0F|\p{EMod})?)*)\s*){1,5}$/u

/** Finds the http, https and mailto links of a text; joining the parts' texts gives the text back. */
export function linkify(content: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const { 0: match, index } of content.matchAll(ADDRESS)) {
    const href = withoutTrailing(match)
    if (!isAddress(href)) continue
    if (index > end) parts.push({ text: content.slice(end, index), href: null })
    parts.push({ text: href, href })
    end = index + href.length
  }
  if (end < content.length) parts.push({ text: content.slice(end), href: null })
  return parts
}

/** Whether a message is nothing but one to five emoji, which are shown larger. */
export function isEmojiOnly(content: string): boolean {
  return content.length <= 60 && ONE_TO_FIVE_EMOJI.test(content)
}

/** A closing bracket belongs to the address where it was opened in it. */
function withoutTrailing(match: string): string {
  const strays = BRACKETS.map(([open, close]) => ({ close, count: count(match, close) - count(match, open) }))
  let end = match.length
  while (end > 0) {
    const last = match.charAt(end - 1)
    const stray = strays.find(({ close }) => close === last)
    if (stray && stray.count > 0) stray.count--
    else if (!STOPS.includes(last)) break
    end--
  }
  return match.slice(0, end)
}

const count = (text: string, mark: string): number => text.split(mark).length - 1

function isAddress(address: string): boolean {
  return URL.canParse(address) && (/^http/i.test(address) || /^mailto:[^?]*@/i.test(address))
}
