import { de } from './de.ts'
import { en, type Words } from './en.ts'

const catalogues = new Map<string, Words>([
  ['en', en],
  ['de', de],
])

/** A language's words and the tag that `Intl` formats with. */
export interface Language {
  words: Words
  locale: string
  direction: 'ltr' | 'rtl'
}

/** The nearest catalogue; dates and numbers follow the same language, so that one sentence speaks one. */
export function languageFor(tag: string): Language {
  const name = tag.toLowerCase().split('-')[0] ?? ''
  const words = catalogues.get(name)
  return {
    words: words ?? en,
    locale: words && isValid(tag) ? tag : 'en',
    direction: 'ltr',
  }
}

function isValid(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0
  } catch {
    return false
  }
}
