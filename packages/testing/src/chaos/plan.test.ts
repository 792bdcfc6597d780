import { expect, test } from 'vitest'
import { seededBy } from '../seeded.ts'
import { FAULT_KINDS, planned } from './plan.ts'

const OPTIONS = { durationMs: 600_000, desks: 3, kinds: FAULT_KINDS, mostPauseMs: 4_000, mostMs: 30_000 }

test('a seed plans the same faults again, and another one plans others', () => {
  expect(planned(seededBy(7), OPTIONS)).toEqual(planned(seededBy(7), OPTIONS))
  expect(planned(seededBy(7), OPTIONS)).not.toEqual(planned(seededBy(8), OPTIONS))
})

test('in ten minutes everything happens that can, in order, and nothing lasts beyond the end', () => {
  const faults = planned(seededBy(7), OPTIONS)
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS))
  expect(faults.map(({ atMs }) => atMs)).toEqual(faults.map(({ atMs }) => atMs).toSorted((a, b) => a - b))
  expect(faults.filter(({ atMs, forMs }) => atMs + forMs > OPTIONS.durationMs + 1_000)).toEqual([])
})

test('nothing happens twice before all has happened once, and nothing lasts longer than it may', () => {
  const faults = planned(seededBy(7), { ...OPTIONS, mostMs: 600 })
  expect(new Set(faults.slice(0, FAULT_KINDS.length).map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS))
  expect(faults.filter(({ forMs }) => forMs > 600)).toEqual([])
})

test('a desk that is down or stalled is left alone until it is back', () => {
  const faults = planned(seededBy(7), { ...OPTIONS, desks: 1 }).filter(({ kind }) => kind.startsWith('desk'))
  expect(faults.length).toBeGreaterThan(10)
  for (const [index, { atMs }] of faults.entries()) {
    const before = faults[index - 1]
    if (before !== undefined) expect(atMs).toBeGreaterThan(before.atMs + before.forMs)
  }
})
