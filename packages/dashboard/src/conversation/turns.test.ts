import type { ClientMessage } from '@deskbell/client'
import type { AdminProfile } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { daysOf, speakerOf } from './turns.ts'

const me: AdminProfile = { id: 'sam-1', name: 'Sam', email: 'sam@example.com', has_account: true }

const said = (seq: number | null, senderId?: string, senderName = 'Sam'): ClientMessage => ({
  ...{ seq, clientId: seq === null ? 'unsent' : null, content: 'hi', senderId, senderName },
  ...{ senderType: senderId === undefined && seq !== null ? 'user' : 'admin' },
  ...{ createdAt: '2026-01-29T10:00:00Z', readAt: null, state: 'sent', error: null },
})

/** Who speaks, and how many messages they say in one go. */
const turns = (...messages: ClientMessage[]) =>
  daysOf(messages, me).flatMap(({ groups }) =>
    groups.map((group) => `${speakerOf(group, me)} ${group.messages.length}`),
  )

test('of two admins named Sam, only the one who looks is "You"', () => {
  expect(turns(said(1, 'sam-1'), said(2, 'sam-2'), said(3, 'sam-2'), said(4, 'sam-1'))).toEqual([
    'me 1',
    'colleague 2',
    'me 1',
  ])
})

test('what is not sent yet stands with what was sent before it, also under a former name', () => {
  expect(turns(said(1), said(2, 'sam-1'), said(null))).toEqual(['user 1', 'me 2'])
  expect(turns(said(1, 'sam-1', 'Samuel'), said(2, 'sam-1'))).toEqual(['me 1', 'me 1'])
})

test('each group has a key of its own', () => {
  const [day] = daysOf([said(1, 'sam-1'), said(2, 'sam-2'), said(3, 'sam-1')], me)
  expect(new Set(day?.groups.map(({ key }) => key)).size).toBe(3)
})
