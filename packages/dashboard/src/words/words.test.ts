import { expect, test } from 'vitest'
import type { Catalogue } from './catalogue.ts'
import { LANGUAGES, loadWords } from './words.ts'

/** Every sentence of a catalogue by its path; those with a gap are said with a number or a name in it. */
function sentences(part: object, path: string[] = []): [string, string][] {
  return Object.entries(part).flatMap(([name, said]: [string, unknown]) => {
    const at = [...path, name]
    if (typeof said === 'string') return [[at.join('.'), said]]
    if (typeof said === 'function') return [[at.join('.'), String(said(7, 'Ada'))]]
    return typeof said === 'object' && said !== null ? sentences(said, at) : []
  })
}

const catalogue = async (tag: string) => {
  const { locale: _, direction: __, moments: ___, ...sayings } = await loadWords([tag])
  return sayings satisfies Catalogue
}

test.each(LANGUAGES)('a reader of %s is spoken to in their language, in every sentence', async (tag) => {
  const said = sentences(await catalogue(tag))
  const english = sentences(await catalogue('en'))
  expect(said.map(([path]) => path)).toEqual(english.map(([path]) => path))
  for (const [path, sentence] of said) expect([path, sentence.trim()]).not.toEqual([path, ''])
  const same = said.filter(([path, sentence]) => english.some(([a, b]) => a === path && b === sentence))
  // "Name" and "Messages" are words of more than one language.
  if (tag !== 'en') expect(same.length).toBeLessThan(english.length / 8)
})

test('Arabic is written from right to left, and counts in six forms', async () => {
  const { direction, list } = await loadWords(['ar-EG'])
  expect(direction).toBe('rtl')
  expect(
    new Set([0, 1, 2, 3, 11, 100].map((count) => list.messages(count).replace(/[\d٠-٩]+/, '#'))).size,
  ).toBe(5)
})

test('the first language that is known counts, with its region, and English where none is', async () => {
  expect((await loadWords(['xx', 'pt-BR', 'de'])).locale).toBe('pt-BR')
  expect((await loadWords(['xx'])).locale).toBe('en')
})
