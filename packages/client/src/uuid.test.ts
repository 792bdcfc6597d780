import { expect, test } from 'vitest'
import { uuidv7 } from './uuid.ts'

test('an id is a UUIDv7 of its time, and later ones sort behind', () => {
  const now = Date.parse('2026-01-29T09:30:00Z')
  const early = uuidv7(now, (bytes) => bytes.fill(0xff))
  const late = uuidv7(now + 1, (bytes) => bytes.fill(0))
  expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(early.replace('-', '').slice(0, 12), 16)).toBe(now)
  expect(late > early).toBe(true)
})
