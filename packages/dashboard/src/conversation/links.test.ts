import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEmojiOnly, withLinks } from './links.ts'

const hrefs = (text: string) => withLinks(text).flatMap((piece) => piece.href ?? [])

test('finds addresses, without the punctuation of the sentence around them', () => {
  expect(hrefs('See https://example.com/a?b=c#d, or (http://example.org/x).')).toEqual([
    'https://example.com/a?b=c#d',
    'http://example.org/x',
  ])
  expect(hrefs('https://en.wikipedia.org/wiki/Bell_(instrument)')).toEqual([
    'https://en.wikipedia.org/wiki/Bell_(instrument)',
  ])
  expect(hrefs('write to mailto:help@example.com!')).toEqual(['mailto:help@example.com'])
})

test('never links to anything that runs code', () => {
  expect(hrefs('javascript:alert(1) data:text/html,x vbscript:x //evil.example file:///etc/passwd')).toEqual(
    [],
  )
  expect(hrefs('java\nscript:alert(1) https:// mailto:nobody')).toEqual([])
})

test('loses no character, whatever was written', () => {
  const part = fc.constantFrom(
    'https://',
    'http://a.b',
    'mailto:a@b',
    '(',
    ')',
    '. ',
    'x',
    '\n',
    '😀',
    '<',
    '"',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part).map((parts) => parts.join('')),
      ),
      (text) => {
        const pieces = withLinks(text)
        expect(pieces.map((piece) => piece.text).join('')).toBe(text)
        for (const { href } of pieces) if (href !== null) expect(href).toMatch(/^(https?:\/\/|mailto:)/i)
      },
    ),
  )
})

test('knows a message that is only emoji', () => {
  expect(['👍', '🎉 👍🏽', '👩‍👩‍👧'].map(isEmojiOnly)).toEqual([true, true, true])
  expect(['1', 'ok 👍', '', '👍'.repeat(40)].map(isEmojiOnly)).toEqual([false, false, false, false])
})
