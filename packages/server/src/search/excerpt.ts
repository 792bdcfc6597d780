import type { TextRange } from '@deskbell/protocol'
import type { Phrase } from './query.ts'
import { type Word, wordsOf } from './words.ts'

/** Part of a text around what was found in it. */
export interface Excerpt {
  excerpt: string
  highlights: TextRange[]
}

/** Code units of an excerpt, and of those before what was found. */
const LENGTH = 200
const LEAD = 60
const ELLIPSIS = '…'

/** The part of a text that shows the first of the phrases that it has, on one line; null if it has none. */
export function excerptOf(text: string, phrases: readonly Phrase[]): Excerpt | null {
  const found = foundIn(text, phrases)
  const [first] = found
  if (first === undefined) return null
  const start = text.length <= LENGTH ? 0 : whole(text, Math.max(0, first[0] - LEAD))
  const end = whole(text, Math.min(text.length, start + LENGTH))
  const before = start > 0 ? ELLIPSIS : ''
  const after = end < text.length ? ELLIPSIS : ''
  const shift = before.length - start
  return {
    excerpt: before + text.slice(start, end).replace(/\s/gu, ' ') + after,
    highlights: found
      .filter(([from, to]) => from >= start && to <= end)
      .map(([from, to]): TextRange => [from + shift, to + shift]),
  }
}

/** Where the phrases stand, in order and apart from each other. */
function foundIn(text: string, phrases: readonly Phrase[]): TextRange[] {
  const words = wordsOf(text)
  const ranges = phrases.flatMap((phrase) =>
    words.flatMap((_, at): TextRange[] => {
      const last = beginsAt(words, at, phrase)
      return last === null ? [] : [[words[at]?.start ?? 0, last.end]]
    }),
  )
  return merged(ranges)
}

/** The last word of a phrase that begins at this one; null if it does not. */
function beginsAt(words: readonly Word[], at: number, phrase: Phrase): Word | null {
  let last: Word | null = null
  for (const [offset, wanted] of phrase.words.entries()) {
    last = words[at + offset] ?? null
    const mayGoOn = phrase.isPrefix && offset === phrase.words.length - 1
    if (last === null || !(mayGoOn ? last.text.startsWith(wanted) : last.text === wanted)) return null
  }
  return last
}

function merged(ranges: TextRange[]): TextRange[] {
  const apart: TextRange[] = []
  for (const [start, end] of ranges.sort(([a], [b]) => a - b)) {
    const before = apart.at(-1)
    if (before !== undefined && start <= before[1]) before[1] = Math.max(before[1], end)
    else apart.push([start, end])
  }
  return apart
}

/** The same place, or the one before it where it would divide a character. */
function whole(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text.charAt(at)) && at > 0 ? at - 1 : at
}
