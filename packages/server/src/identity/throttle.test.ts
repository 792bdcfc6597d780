import { DeskbellError } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { FakeClock } from '../testing/engine.ts'
import { Throttle } from './throttle.ts'

function throttle() {
  const clock = new FakeClock()
  return { clock, doors: new Throttle(clock, { burst: 3, refillMs: 10_000 }) }
}

function attempts(doors: Throttle, name: string, count: number): number {
  let allowed = 0
  for (let i = 0; i < count; i++) {
    try {
      doors.spend(name)
      allowed++
    } catch (error) {
      if (!(error instanceof DeskbellError) || error.code !== 'rate_limited') throw error
    }
  }
  return allowed
}

test('after a burst, attempts come back one by one', () => {
  const { clock, doors } = throttle()
  expect(attempts(doors, 'sam', 10)).toBe(3)
  clock.advance(9_999)
  expect(attempts(doors, 'sam', 10)).toBe(0)
  clock.advance(1)
  expect(attempts(doors, 'sam', 10)).toBe(1)
  clock.advance(3_600_000)
  expect(attempts(doors, 'sam', 10)).toBe(3)
})

test('the answer says how long to wait', () => {
  const { clock, doors } = throttle()
  attempts(doors, 'sam', 3)
  clock.advance(2_500)
  expect(() => doors.spend('sam')).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfter: 8 }))
})

test('one name’s mistakes are not another’s, and success forgives them', () => {
  const { doors } = throttle()
  attempts(doors, 'sam', 3)
  expect(attempts(doors, 'kim', 3)).toBe(3)
  doors.forgive('sam')
  expect(attempts(doors, 'sam', 3)).toBe(3)
})

test('an attack with very many names does not grow the memory for ever, nor free the name it began with', () => {
  const { doors } = throttle()
  attempts(doors, 'sam', 3)
  for (let i = 0; i < 40_000; i++) doors.spend(`guess-${i}`)
  expect(attempts(doors, 'sam', 1)).toBe(0)
})

test('a clock that is put back locks nobody out for longer, and frees nobody', () => {
  const { clock, doors } = throttle()
  attempts(doors, 'sam', 3)
  clock.advance(-3_600_000)
  expect(attempts(doors, 'sam', 3)).toBe(0)
  clock.advance(10_000)
  expect(attempts(doors, 'sam', 3)).toBe(1)
})
