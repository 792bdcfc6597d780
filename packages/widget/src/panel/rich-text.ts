/** A stretch of a message: plain, or a link. */
export interface TextPart {
  text: string
  href?: string
}

const LINK = /https?:\/\/[^\s<>"]+|mailto:[^\s<>"]+/gi
// A stop or a bracket after a link ends the sentence, not the address.
const TRAILING = /[.,;:!?'’”»…]+$/

/** Finds http, https and mailto links; everything else stays text. */
export function linkify(content: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const { 0: match, index } of content.matchAll(LINK)) {
    const link = withoutTrailing(match)
    if (!isAddress(link)) continue
    if (index > end) parts.push({ text: content.slice(end, index) })
    parts.push({ text: link, href: link })
    end = index + link.length
  }
  if (end < content.length) parts.push({ text: content.slice(end) })
  return parts
}

function withoutTrailing(match: string): string {
  const link = match.replace(TRAILING, '')
  const isUnbalanced = link.endsWith(')') && link.split(')').length > link.split('(').length
  return isUnbalanced ? withoutTrailing(link.slice(0, -1)) : link
}

function isAddress(link: string): boolean {
  return URL.canParse(link) && !/^(https?:\/\/|mailto:)$/i.test(link)
}

/** Whether a message is nothing but a few emoji, which are shown larger. */
export function isEmojiOnly(content: string): boolean {
  return content.length <= 60 && /^(?:\p{RGI_Emoji}\s*){1,5}$/v.test(content)
}
