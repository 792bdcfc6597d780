import { expect, test } from 'vitest'
import { piecesOf } from './marked.tsx'

const marked = (text: string, ...ranges: [number, number][]) =>
  piecesOf(text, ranges).map(({ piece, isMarked }) => (isMarked ? `[${piece}]` : piece))

test('what was found is marked, the rest stays as it is', () => {
  expect(marked('a refund, please', [2, 8])).toEqual(['a ', '[refund]', ', please'])
  expect(marked('refund', [0, 6])).toEqual(['[refund]'])
  expect(marked('nothing')).toEqual(['nothing'])
})

test('no text is lost or doubled, whatever the ranges', () => {
  for (const ranges of [
    [[4, 99]],
    [
      [2, 6],
      [4, 8],
    ],
    [[50, 60]],
    [[5, 2]],
  ] as [number, number][][]) {
    const pieces = piecesOf('a refund, please', ranges)
    expect(pieces.map(({ piece }) => piece).join('')).toBe('a refund, please')
  }
})
