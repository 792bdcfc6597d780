import type { Words } from './en.ts'

/** A language's words and the tag that `Intl` formats with. */
export interface Language {
  words: Words
  /** The tag that was asked for, as the host wrote it. */
  tag: string
  locale: string
  direction: 'ltr' | 'rtl'
}

// Each is a file of its own: nobody downloads what they do not read.
const catalogues = new Map<string, () => Promise<{ words: Words }>>([
  ['en', () => import('./en.ts')],
  ['de', () => import('./de.ts')],
  ['fr', () => import('./fr.ts')],
  ['es', () => import('./es.ts')],
  ['pt', () => import('./pt.ts')],
  ['ja', () => import('./ja.ts')],
  ['zh', () => import('./zh.ts')],
  ['ar', () => import('./ar.ts')],
])
const RIGHT_TO_LEFT = 'ar'

/** The nearest catalogue; dates and numbers follow the same language, so that one sentence speaks one. */
export async function languageFor(tag: string): Promise<Language> {
  const locale = canonical(tag)
  const name = locale.split('-')[0] ?? ''
  const load = catalogues.get(name)
  if (!load) return { ...(await languageFor('en')), tag }
  return { ...(await load()), tag, locale, direction: name === RIGHT_TO_LEFT ? 'rtl' : 'ltr' }
}

/** As the standard spells it, which some hosts do not: `pt_BR` is `pt-BR`. English for what is no tag at all. */
function canonical(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0] ?? 'en'
  } catch {
    return 'en'
  }
}
