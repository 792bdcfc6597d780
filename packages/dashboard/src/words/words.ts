import { createContext, use } from 'react'
import type { Catalogue } from './catalogue.ts'
import { en } from './en.ts'
import { createMoments, type Moments } from './moments.ts'

/** A language that the dashboard speaks: its sentences and how it writes moments. */
export interface Words extends Catalogue {
  locale: string
  direction: 'ltr' | 'rtl'
  moments: Moments
}

/** The languages that there is a catalogue for. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'ja', 'zh', 'ar'] as const

// English is at hand at once; every other language is a file of its own.
const CATALOGUES = new Map<string, () => Promise<Catalogue>>([
  ['en', async () => en],
  ['de', async () => (await import('./de.ts')).de],
  ['fr', async () => (await import('./fr.ts')).fr],
  ['es', async () => (await import('./es.ts')).es],
  ['pt', async () => (await import('./pt.ts')).pt],
  ['ja', async () => (await import('./ja.ts')).ja],
  ['zh', async () => (await import('./zh.ts')).zh],
  ['ar', async () => (await import('./ar.ts')).ar],
] satisfies [(typeof LANGUAGES)[number], () => Promise<Catalogue>][])

const RIGHT_TO_LEFT = new Set(['ar'])

/** Loads the first of the reader's languages that there is a catalogue for; English otherwise, also where loading fails. */
export async function loadWords(languages: readonly string[]): Promise<Words> {
  for (const tag of languages) {
    const [language = ''] = tag.toLowerCase().split('-')
    const load = CATALOGUES.get(language)
    if (!load) continue
    const catalogue = await load().catch(() => null)
    if (catalogue) return wordsOf(tag, language, catalogue)
  }
  return wordsOf('en', 'en', en)
}

function wordsOf(locale: string, language: string, catalogue: Catalogue): Words {
  return {
    ...catalogue,
    locale,
    direction: RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr',
    moments: createMoments(locale, catalogue.justNow),
  }
}

export const WordsContext = createContext<Words | null>(null)

export function useWords(): Words {
  const words = use(WordsContext)
  if (!words) throw new Error('No language is loaded here.')
  return words
}
