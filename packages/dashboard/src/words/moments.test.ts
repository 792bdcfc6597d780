import { expect, test } from 'vitest'
import { de } from './de.ts'
import { en } from './en.ts'
import { createMoments } from './moments.ts'

const words = { justNow: en.justNow, ...en.days }
const inNewYork = createMoments('en', words, 'America/New_York')
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

test('a desk whose clock runs ahead does not write of the future', () => {
  expect(ago(-30_000)).toBe('just now')
})

test('names days as people do, also across a change to summer time', () => {
  const day = (at: string) => inNewYork.day(Date.parse(at), now)
  expect(day('2026-03-09T00:00:00-04:00')).toBe('Today')
  // March 8 had 23 hours.
  expect(day('2026-03-08T23:59:00-04:00')).toBe('Yesterday')
  expect(day('2026-03-08T00:00:00-05:00')).toBe('Yesterday')
  expect(day('2026-03-07T23:59:00-05:00')).toBe('Saturday, March 7')
  expect(day('2025-12-31T12:00:00-05:00')).toBe('Wednesday, December 31, 2025')
})

test('speaks German', () => {
  const german = createMoments('de', { justNow: de.justNow, ...de.days }, 'Europe/Berlin')
  expect(german.ago(now - 120_000, now)).toBe('vor 2 Minuten')
  expect(de.list.messages(1)).toBe('1 Nachricht')
  expect(de.list.messages(1234)).toBe('1.234 Nachrichten')
})
