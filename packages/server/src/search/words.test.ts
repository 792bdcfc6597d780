import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordsOf } from './words.ts'

test('plain English text is divided just as it is in the company of other scripts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii', maxLength: 60 }), (text) => {
      expect(wordsOf(text)).toEqual(wordsOf(`${text} é`).slice(0, -1))
    }),
    { numRuns: 2_000 },
  )
})
