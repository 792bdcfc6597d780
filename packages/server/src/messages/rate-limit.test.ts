import { expect, test } from 'vitest'
import { FakeClock } from '../testing/engine.ts'
import { RateLimit } from './rate-limit.ts'

function limit(messages: number) {
  const clock = new FakeClock()
  const rateLimit = new RateLimit(messages, clock)
  return { clock, spend: (sender = 'alice') => rateLimit.spend(sender) }
}

test('so many messages go through in any ten seconds, and the next one is told how long to wait', () => {
  const at = limit(3)
  at.spend()
  at.clock.advance(4_000)
  at.spend()
  at.spend()
  at.clock.advance(500)
  expect(() => at.spend()).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfter: 6 }))
  at.clock.advance(5_500)
  at.spend()
  expect(() => at.spend()).toThrow(expect.objectContaining({ retryAfter: 4 }))
})

test('what was refused does not count', () => {
  const at = limit(1)
  at.spend()
  for (let second = 1; second < 10; second++) {
    at.clock.advance(1_000)
    expect(() => at.spend()).toThrow('Too many messages')
  }
  at.clock.advance(1_000)
  at.spend()
})

test('one sender’s haste is not another’s trouble', () => {
  const at = limit(1)
  at.spend('alice')
  at.spend('bob')
  expect(() => at.spend('alice')).toThrow('Too many messages')
  at.clock.advance(10_000)
  at.spend('alice')
  at.spend('bob')
})

test('0 is no limit', () => {
  const at = limit(0)
  for (let count = 0; count < 10_000; count++) at.spend()
})

test('a clock that is put back keeps nobody waiting for longer', () => {
  const at = limit(2)
  for (let count = 0; count < 2; count++) at.spend()
  at.clock.advance(-3_600_000)
  for (let count = 0; count < 2; count++) at.spend()
  expect(() => at.spend()).toThrow(expect.objectContaining({ retryAfter: 10 }))
})
