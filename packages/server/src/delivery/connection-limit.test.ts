import { expect, test } from 'vitest'
import { ConnectionLimit } from './connection-limit.ts'

test('an address has so many places, and one that is given back is free', () => {
  const limit = new ConnectionLimit(2)
  const giveBack = limit.take('192.0.2.1')
  expect(limit.isFull('192.0.2.1')).toBe(false)
  limit.take('::ffff:192.0.2.1')
  expect(limit.isFull('192.0.2.1')).toBe(true)
  expect(limit.isFull('192.0.2.2')).toBe(false)
  giveBack?.()
  expect(limit.isFull('192.0.2.1')).toBe(false)
  limit.take('192.0.2.1')
  expect(limit.isFull('192.0.2.1')).toBe(true)
})

test('without a limit, or without an address, there is always a place and nothing to give back', () => {
  const off = new ConnectionLimit(0)
  const unknown = new ConnectionLimit(1)
  for (let time = 0; time < 3; time++) {
    expect(off.take('192.0.2.1')).toBeUndefined()
    expect(unknown.take(null)).toBeUndefined()
  }
  expect(off.isFull('192.0.2.1')).toBe(false)
  expect(unknown.isFull(null)).toBe(false)
})
