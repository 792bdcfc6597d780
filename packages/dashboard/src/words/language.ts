import type { Choices } from '../settings/choices.ts'
import type { Words } from './words.ts'

/** The reader's languages, best first. The browser knows the region of a chosen one, and dates follow that. */
export function preferred(choice: Choices['language']): readonly string[] {
  if (choice === 'browser') return navigator.languages
  return [navigator.languages.find((tag) => tag.toLowerCase().split('-')[0] === choice) ?? choice]
}

/** Tells the page which language it is in. */
export function speak({ locale, direction }: Words): void {
  document.documentElement.lang = locale
  document.documentElement.dir = direction
}
