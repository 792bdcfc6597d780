import { expect, test } from 'vitest'
import { de } from './de.ts'
import { en } from './en.ts'
import { createMoments } from './moments.ts'

const inNewYork = createMoments('en', en.justNow, 'America/New_York')
const now = Date.parse('2026-03-09T12:00:00-04:00')
const ago = (ms: number) => inNewYork.ago(now - ms, now)

test('says how long ago something was, and the date from a week on', () => {
  expect(ago(0)).toBe('just now')
  expect(ago(59_000)).toBe('just now')
  expect(ago(60_000)).toBe('1 minute ago')
  expect(ago(2 * 60_000)).toBe('2 minutes ago')
  expect(ago(3_600_000)).toBe('1 hour ago')
  expect(ago(26 * 3_600_000)).toBe('1 day ago')
  expect(ago(8 * 86_400_000)).toBe('Mar 1')
  expect(ago(100 * 86_400_000)).toBe('Nov 29, 2025')
})

test('says in how long something will be, and the time alone of what was on the same day', () => {
  const until = (ms: number) => inNewYork.until(now + ms, now)
  expect(until(-1)).toBe('in 1 minute')
  expect(until(3 * 60_000 + 1)).toBe('in 4 minutes')
  expect(until(3_600_000)).toBe('in 60 minutes')
  expect(until(3_600_001)).toBe('in 2 hours')
  expect(inNewYork.beside(now, now - 3_600_000)).toBe('12:00 PM')
  expect(inNewYork.beside(now, now - 86_400_000)).toBe('March 9, 2026 at 12:00 PM')
})

test('a desk whose clock runs ahead does not write of the future', () => {
  expect(ago(-30_000)).toBe('just now')
})

test('speaks German', () => {
  const german = createMoments('de', de.justNow, 'Europe/Berlin')
  expect(german.ago(now - 120_000, now)).toBe('vor 2 Minuten')
  expect(de.list.messages(1)).toBe('1 Nachricht')
  expect(de.list.messages(1234)).toBe('1.234 Nachrichten')
})
