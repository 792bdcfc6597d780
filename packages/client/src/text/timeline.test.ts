import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayName, keyOf, type Placed, timeline } from './timeline.ts'

const local = (time: string) => new Date(`2026-01-${time}`).toISOString()
const said = (time: string, fields: Partial<Placed> = {}): Placed => ({
  ...{ clientId: null, seq: 1, senderType: 'user', senderName: 'Alice', createdAt: local(time) },
  ...fields,
})
const sam = { senderType: 'admin', senderName: 'Sam' } as const

const shape = (...messages: Placed[]) =>
  timeline(messages).map(({ groups }) => groups.map((group) => group.messages.length))

test('messages of one sender within five minutes stand together', () => {
  expect(
    shape(said('29T10:00:00'), said('29T10:05:00'), said('29T10:10:00.001'), said('29T10:10:01', sam)),
  ).toEqual([[2, 1, 1]])
})

test('two colleagues are told apart, a user is always the same', () => {
  expect(shape(said('29T10:00', sam), said('29T10:01', { ...sam, senderName: 'Mina' }))).toEqual([[1, 1]])
  expect(shape(said('29T10:00'), said('29T10:01', { senderName: null }))).toEqual([[2]])
})

test('midnight begins a new day, even in the middle of a group', () => {
  expect(shape(said('29T23:59:59'), said('30T00:00:01'))).toEqual([[1], [1]])
})

test('a clock that runs behind does not bring the day before back', () => {
  expect(shape(said('28T23:59'), said('29T00:01'), said('28T23:58'))).toEqual([[1], [2]])
})

test('[P2] every message is shown once, in the order of the chat', () => {
  const gap = fc.integer({ min: -3_600_000, max: 40 * 3_600_000 })
  const sender = fc.constantFrom<Partial<Placed>>({}, sam, { ...sam, senderName: 'Mina' })
  fc.assert(
    fc.property(fc.array(fc.tuple(gap, sender)), (spec) => {
      let at = Date.UTC(2026, 0, 1)
      const messages = spec.map(([ms, from], index) => {
        at += ms
        return said('01', { ...from, seq: index + 1, createdAt: new Date(at).toISOString() })
      })
      const shown = timeline(messages).flatMap(({ groups }) => groups.flatMap((group) => group.messages))
      expect(shown).toEqual(messages)
    }),
  )
})

test('a message keeps its key when it turns from sending into sent, and shares it with nobody', () => {
  const sending = said('29T10:00', { clientId: 'id-1', seq: null })
  expect(keyOf({ ...sending, seq: 7 })).toBe(keyOf(sending))
  expect(keyOf({ ...sending, ...sam })).not.toBe(keyOf(sending))
  expect(keyOf(said('29T10:00', { seq: 1 }))).not.toBe(keyOf(said('29T10:00', { seq: 2 })))
})

test('days are named as people name them', () => {
  const now = new Date('2026-01-29T12:00').getTime()
  const name = (day: string, locale: string) => dayName(new Date(`${day}T00:00`).getTime(), now, locale)
  expect(name('2026-01-29', 'en')).toBe('Today')
  expect(name('2026-01-28', 'en')).toBe('Yesterday')
  expect(name('2026-01-28', 'de')).toBe('Gestern')
  expect(name('2026-01-26', 'en')).toBe('Monday, January 26')
  expect(name('2025-12-31', 'en')).toBe('Wednesday, December 31, 2025')
})

test('yesterday is yesterday across a change to summer time and back', () => {
  const zone = process.env.TZ
  process.env.TZ = 'America/New_York'
  try {
    const name = (day: string, now: string) =>
      dayName(new Date(`${day}T00:00`).getTime(), new Date(now).getTime(), 'en')
    expect(name('2026-03-08', '2026-03-09T00:00')).toBe('Yesterday')
    expect(name('2026-03-07', '2026-03-09T00:00')).toBe('Saturday, March 7')
    expect(name('2026-11-01', '2026-11-02T23:59')).toBe('Yesterday')
  } finally {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  }
})
