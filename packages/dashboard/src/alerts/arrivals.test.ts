import { expect, test } from 'vitest'
import type { InboxRow } from '../inbox/rows.ts'
import { Arrivals } from './arrivals.ts'

const row = (id: string, minute: number, messageCount: number, isUnread = true): InboxRow => ({
  ...{ id, email: null, name: id, preview: 'hello', lastSender: 'user', isArchived: false },
  lastMessageAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
  ...{ messageCount, isUnread },
})
const ids = (rows: InboxRow[]) => rows.map(({ id }) => id)

test('what was there when the inbox was opened is no news, and nothing is news twice', () => {
  const arrivals = new Arrivals()
  const known = [row('alice', 5, 3), row('bob', 4, 1)]
  expect(arrivals.among(known)).toEqual([])
  const moved = [row('bob', 6, 2), row('alice', 5, 3)]
  expect(ids(arrivals.among(moved))).toEqual(['bob'])
  expect(arrivals.among(moved)).toEqual([])
})

test('a new chat is news; a page of older ones is not', () => {
  const arrivals = new Arrivals()
  arrivals.among([row('alice', 5, 3)])
  expect(ids(arrivals.among([row('carol', 7, 1), row('alice', 5, 3), row('old', 1, 9)]))).toEqual(['carol'])
})

test('the first chat of an empty inbox is news', () => {
  const arrivals = new Arrivals()
  arrivals.among([])
  expect(ids(arrivals.among([row('alice', 5, 1)]))).toEqual(['alice'])
})

test('what someone has viewed meanwhile is not', () => {
  const arrivals = new Arrivals()
  arrivals.among([])
  expect(arrivals.among([row('alice', 5, 1, false)])).toEqual([])
})
