import type { ClientMessage } from '@deskbell/client'
import { expect, test } from 'vitest'
import { dayName, timeline } from './timeline.ts'

const at = (time: string, fields: Partial<ClientMessage> = {}): ClientMessage => ({
  ...{ clientId: null, seq: 1, content: time, senderType: 'user', senderName: 'Alice', readAt: null },
  ...{ state: 'sent', error: null, createdAt: new Date(`2026-01-${time}`).toISOString() },
  ...fields,
})

const shape = (messages: ClientMessage[]) =>
  timeline(messages).map((day) => day.groups.map((group) => group.messages.map(({ content }) => content)))

test('messages of one sender within five minutes stand together', () => {
  expect(
    shape([at('29T10:00'), at('29T10:04'), at('29T10:09'), at('29T10:10', { senderType: 'admin' })]),
  ).toEqual([[['29T10:00', '29T10:04'], ['29T10:09'], ['29T10:10']]])
})

test('two colleagues are told apart, a user is always the same', () => {
  const sam = { senderType: 'admin', senderName: 'Sam' } as const
  expect(shape([at('29T10:00', sam), at('29T10:01', { ...sam, senderName: 'Kim' })])).toEqual([
    [['29T10:00'], ['29T10:01']],
  ])
  expect(shape([at('29T10:00'), at('29T10:01', { senderName: null })])).toEqual([[['29T10:00', '29T10:01']]])
})

test('midnight begins a new day, and a clock that runs behind does not bring the old one back', () => {
  expect(shape([at('28T23:59'), at('29T00:01'), at('28T23:58')])).toEqual([
    [['28T23:59']],
    [['29T00:01', '28T23:58']],
  ])
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
