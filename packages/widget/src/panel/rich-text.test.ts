import { expect, test } from 'vitest'
import { isEmojiOnly, linkify } from './rich-text.ts'

const links = (content: string) => linkify(content).flatMap(({ href }) => (href ? [href] : []))

test('http, https and mailto become links, nothing else does', () => {
  expect(links('see https://a.example/x?y=1#z and http://b.example')).toEqual([
    'https://a.example/x?y=1#z',
    'http://b.example',
  ])
  expect(links('write to mailto:help@a.example')).toEqual(['mailto:help@a.example'])
  expect(links('javascript:alert(1) data:text/html,x ftp://a www.a.example a@b.example https://')).toEqual([])
})

test('the text around a link is kept to the letter', () => {
  const content = 'Look (https://a.example/(x)), then\nhttps://b.example.'
  expect(links(content)).toEqual(['https://a.example/(x)', 'https://b.example'])
  expect(
    linkify(content)
      .map(({ text }) => text)
      .join(''),
  ).toBe(content)
})

test('a few emoji alone are recognised, digits and words are not', () => {
  expect(['👍', '👩‍👩‍👧 🇩🇪', '❤️'].map(isEmojiOnly)).toEqual([true, true, true])
  expect(['1', 'ok 👍', '', '👍👍👍👍👍👍'].map(isEmojiOnly)).toEqual([false, false, false, false])
})
