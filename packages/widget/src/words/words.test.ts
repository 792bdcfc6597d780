import { expect, test } from 'vitest'
import { counted } from './plural.ts'
import { languageFor } from './words.ts'

const TAGS = ['en', 'de', 'fr', 'es', 'pt', 'ja', 'zh', 'ar']

test.each(TAGS)('a reader of %s is spoken to in their language, in every sentence', async (tag) => {
  const { words } = await languageFor(tag)
  const { words: english } = await languageFor('en')
  expect(words.whoAnswers('Fern')).toContain('Fern')
  expect(words.reachable('eve@example.com')).toContain('eve@example.com')
  for (const [name, phrase] of Object.entries(words)) {
    if (typeof phrase === 'string') expect([name, phrase.trim()]).not.toEqual([name, ''])
  }
  if (tag !== 'en') expect(words.greeting).not.toBe(english.greeting)
})

test.each(TAGS)('a count in %s is said with its number, or in words for one and two', async (tag) => {
  const { words } = await languageFor(tag)
  for (const forms of [words.charactersLeft, words.charactersOver]) {
    for (const count of [3, 5, 11, 26, 100, 101, 500]) {
      expect(counted('en', { other: forms.other }, count)).toContain(String(count))
      expect(counted(`${tag}-u-nu-latn`, forms, count)).toContain(String(count))
    }
  }
})

test.each(TAGS)('today and yesterday are called in %s as people call them', async (tag) => {
  const { words, locale } = await languageFor(tag)
  const name = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const days = [name.format(0, 'day'), name.format(-1, 'day')]
  expect([words.today, words.yesterday].map((word) => word.toLocaleLowerCase(locale))).toEqual(days)
})

test('Arabic has a form for none, one, two, a few, many and all others', async () => {
  const { words } = await languageFor('ar')
  const said = (count: number) => counted('ar-u-nu-latn', words.charactersLeft, count)
  expect([0, 1, 2, 3, 11, 100].map(said)).toEqual([
    'لم يبقَ أي حرف',
    'بقي حرف واحد',
    'بقي حرفان',
    'بقيت 3 أحرف',
    'بقي 11 حرفًا',
    'بقي 100 حرف',
  ])
})

test('one is not said like many', async () => {
  const { words } = await languageFor('en')
  expect([1, 2].map((count) => counted('en', words.charactersLeft, count))).toEqual([
    '1 character left',
    '2 characters left',
  ])
  const french = await languageFor('fr')
  expect(counted('fr', french.words.charactersLeft, 0)).toBe('0 caractère restant')
})

test('dates follow the region of the reader, words their language, and pages may misspell it', async () => {
  expect(await languageFor('pt_BR')).toMatchObject({ locale: 'pt-BR', direction: 'ltr' })
  expect(await languageFor('AR-eg')).toMatchObject({ tag: 'AR-eg', locale: 'ar-EG', direction: 'rtl' })
  expect((await languageFor('de-CH')).words.send).toBe('Senden')
})

test('whoever reads another language is spoken to in English, dates included', async () => {
  for (const tag of ['xx', 'he-IL', '', 'no language at all']) {
    expect(await languageFor(tag)).toMatchObject({ locale: 'en', direction: 'ltr', words: { send: 'Send' } })
  }
})
