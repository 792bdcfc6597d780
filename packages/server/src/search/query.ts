import { isUnspaced, wordsOf } from './words.ts'

/** Words that follow each other; the last one may be the beginning of a longer one. */
export interface Phrase {
  words: readonly string[]
  isPrefix: boolean
}

const QUOTES = /[“”„‟«»]/gu
/** Something in quotes, which may still be open, or whatever has no space in it. */
const PART = /"([^"]*)("?)|[^\s"]+/gu

/** What someone typed, as phrases that all have to be found. Every text is a query; one without a word has no phrase. */
export function parseQuery(typed: string): Phrase[] {
  return Array.from(typed.replace(QUOTES, '"').matchAll(PART), ([part, quoted, closing]) =>
    phrase(quoted ?? part, closing !== '"'),
  ).filter(({ words }) => words.length > 0)
}

function phrase(text: string, isOpen: boolean): Phrase {
  const words = wordsOf(text).map((word) => word.text)
  return { words, isPrefix: isOpen && canGoOn(words.at(-1) ?? '') }
}

/** A single letter begins too many words to say anything. */
function canGoOn(word: string): boolean {
  return word.length > 1 && !isUnspaced(word)
}
