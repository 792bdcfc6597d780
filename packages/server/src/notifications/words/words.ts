import { ar } from './ar.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import { pt } from './pt.ts'
import { zh } from './zh.ts'

/** What a mail and its unsubscribe page say in one language; `app` is the operator's name for what they run. */
export interface MailWords {
  team(app: string): string
  subject(app: string): string
  heading(unreadCount: number): string
  intro(app: string): string
  you: string
  open: string
  noReply: string
  reason(app: string): string
  unsubscribe: string
  stopTitle: string
  stopQuestion(app: string): string
  stopped: string
  stoppedNote(app: string): string
  restart: string
  restarted: string
  restartedNote(app: string): string
}

/** The languages there are, by their BCP 47 language subtag. */
export const LANGUAGES = { en, de, fr, es, pt, ja, zh, ar } as const satisfies Record<string, MailWords>
export type Language = keyof typeof LANGUAGES

/** The language for a BCP 47 tag: its own, or English. */
export function languageOf(locale: string | null): Language {
  const subtag = locale?.toLowerCase().split('-')[0] ?? ''
  return Object.hasOwn(LANGUAGES, subtag) ? (subtag as Language) : 'en' // a key, as was just asked
}
