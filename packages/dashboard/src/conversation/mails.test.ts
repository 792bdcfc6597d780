import type { ClientMessage } from '@deskbell/client'
import type { SupportNotification } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { mailsOf } from './mails.ts'

const reply = (seq: number | null, readAt: string | null = null): ClientMessage => ({
  ...{ seq, clientId: 'id', content: 'hi', senderType: 'admin', senderName: 'Sam', readAt },
  ...{ createdAt: '2026-01-29T10:00:00Z', state: seq === null ? 'sending' : 'sent', error: null },
})
const mail = (state: SupportNotification['state'], from_seq: number, through_seq = from_seq) =>
  ({
    ...{ id: `${state}-${from_seq}`, state, from_seq, through_seq, reason: null, detail: null },
    ...{ address: null, at: '2026-01-29T10:05:00Z' },
  }) satisfies SupportNotification

const shown = (messages: ClientMessage[], ...notifications: SupportNotification[]) =>
  [...mailsOf(messages, notifications)].map(([seq, mails]) => `${seq}: ${mails.map(({ state }) => state)}`)

test('what became of an e-mail stands under the last message that it is about', () => {
  const log = [reply(1), reply(2), reply(3)]
  expect(shown(log, mail('skipped', 1), mail('sent', 2, 3))).toEqual(['1: skipped', '3: sent'])
})

test('an e-mail that waits stands under the newest reply, which it will be about as well', () => {
  expect(shown([reply(1), reply(2), reply(null)], mail('pending', 1))).toEqual(['2: pending'])
})

test('there is no e-mail to wait for once the newest reply is read', () => {
  expect(shown([reply(1), reply(2, '2026-01-29T10:01:00Z')], mail('pending', 1))).toEqual([])
})
