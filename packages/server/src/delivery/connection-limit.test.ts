import { expect, test } from 'vitest'
import { ConnectionLimit } from './connection-limit.ts'

test('an address has so many places, and one that is given back is free', () => {
  const limit = new ConnectionLimit(2)
  const first = limit.take('192.0.2.1')
  expect(limit.take('::ffff:192.0.2.1')).not.toBeNull()
  expect(limit.take('192.0.2.1')).toBeNull()
  expect(limit.take('192.0.2.2')).not.toBeNull()
  first?.()
  expect(limit.take('192.0.2.1')).not.toBeNull()
  expect(limit.take('192.0.2.1')).toBeNull()
})

test('without a limit, or without an address, everyone has a place', () => {
  const off = new ConnectionLimit(0)
  const unknown = new ConnectionLimit(1)
  for (let time = 0; time < 3; time++) {
    expect(off.take('192.0.2.1')).not.toBeNull()
    expect(unknown.take(null)).not.toBeNull()
  }
})
