import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEmojiOnly, linkify } from './links.ts'

const links = (content: string) => linkify(content).flatMap(({ href }) => href ?? [])

test('http, https and mailto become links, nothing else does', () => {
  expect(links('see https://a.example/x?y=1#z and HTTP://b.example')).toEqual([
    'https://a.example/x?y=1#z',
    'HTTP://b.example',
  ])
  expect(links('write to mailto:help@a.example')).toEqual(['mailto:help@a.example'])
  expect(links('ftp://a www.a.example a@b.example https:// mailto:nobody mailto:?to=a@b')).toEqual([])
})

test('nothing that runs code becomes a link', () => {
  expect(links('javascript:alert(1) data:text/html,x vbscript:x //evil.example file:///etc/passwd')).toEqual(
    [],
  )
  expect(links('java\nscript:alert(1)')).toEqual([])
})

test('the punctuation of the sentence around a link stays outside', () => {
  expect(links('See https://a.example/x?y=z#d, or (http://b.example/x).')).toEqual([
    'https://a.example/x?y=z#d',
    'http://b.example/x',
  ])
  expect(links('Look (https://a.example/(x)), then\nhttps://b.example.')).toEqual([
    'https://a.example/(x)',
    'https://b.example',
  ])
  expect(links('https://en.wikipedia.org/wiki/Bell_(instrument)')).toEqual([
    'https://en.wikipedia.org/wiki/Bell_(instrument)',
  ])
  expect(links("[https://a.example/it's], *https://b.example*, 'https://c.example'!")).toEqual([
    "https://a.example/it's",
    'https://b.example',
    'https://c.example',
  ])
  expect(links('write to mailto:help@a.example!')).toEqual(['mailto:help@a.example'])
})

test('no character is lost, whatever was written', () => {
  const pieces = [
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
    '`',
    '[',
    ']',
  ]
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (content) => {
      const parts = linkify(content)
      expect(parts.map((part) => part.text).join('')).toBe(content)
      for (const { href } of parts) if (href !== null) expect(href).toMatch(/^(https?:\/\/|mailto:)/i)
    }),
  )
})

test('[P8] a link that ends in thousands of brackets is a link like any other', () => {
  expect(links(`https://a.example/${')'.repeat(9_900)}`)).toEqual(['https://a.example/'])
})

test('a few emoji alone are recognised, digits and words are not', () => {
  expect(['👍', '👩‍👩‍👧 🇩🇪', '❤️', '🎉 👍🏽'].map(isEmojiOnly)).toEqual([true, true, true, true])
  // A keycap, a flag of a region, and a family of tones: what is made of several characters is one.
  expect(
    ['1️⃣', '🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}', '🧑🏿‍❤️‍💋‍🧑🏻'].map(isEmojiOnly),
  ).toEqual([true, true, true])
  expect(['12345', '#', '©', '™ ↔', '🇩'].map(isEmojiOnly)).toEqual(Array(5).fill(false))
  expect(['1', 'ok 👍', '', '👍👍👍👍👍👍', '👍'.repeat(40)].map(isEmojiOnly)).toEqual(Array(5).fill(false))
})
