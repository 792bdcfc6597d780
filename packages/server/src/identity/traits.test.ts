import { MAX_TRAITS } from '@deskbell/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fittingTraits } from './traits.ts'

test('traits are texts, numbers and truths under short names; whatever else there is is left out', () => {
  const given = {
    plan: 'Pro',
    seats: 12,
    trial: false,
    address: { city: 'Köln' },
    tags: ['a'],
    nothing: null,
    endless: Number.POSITIVE_INFINITY,
    '': 'nameless',
    ['k'.repeat(40)]: 'v'.repeat(200),
    ['k'.repeat(41)]: 'long name',
    essay: 'v'.repeat(201),
    broken: '\ud800',
    nul: 'a\0b',
  }
  expect(fittingTraits(given)).toEqual({
    plan: 'Pro',
    seats: 12,
    trial: false,
    ['k'.repeat(40)]: 'v'.repeat(200),
  })
})

test('the first twenty traits are kept', () => {
  const given = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`trait ${index}`, index]))
  const kept = Object.values(fittingTraits(given) ?? {})
  expect(kept).toEqual(Array.from({ length: MAX_TRAITS }, (_, index) => index))
})

test('a host that tells nothing is told from one that tells of no traits', () => {
  for (const nothing of [undefined, null, 'Pro', 7, ['Pro']]) expect(fittingTraits(nothing)).toBeNull()
  expect(fittingTraits({})).toEqual({})
})

test('[P8] whatever a host gives as traits, what is kept is flat, small and survives JSON', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), (given) => {
      const kept = fittingTraits(given) ?? {}
      const values = Object.values(JSON.parse(JSON.stringify(kept)) as object)
      if (values.length !== Object.keys(kept).length || values.length > MAX_TRAITS) return false
      return values.every((value) => ['string', 'number', 'boolean'].includes(typeof value))
    }),
  )
})
