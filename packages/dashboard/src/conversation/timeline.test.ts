import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Placed, timeline } from './timeline.ts'

const utcDay = (at: number) => new Date(at).toISOString().slice(0, 10)
const said = (
  senderType: 'user' | 'admin',
  at: string,
  senderName: string | null = null,
  seq = 1,
): Placed => ({
  clientId: null,
  seq,
  senderType,
  senderName,
  createdAt: at,
})
const shape = (messages: Placed[]) =>
  timeline(messages, utcDay).map((day) => [day.key, ...day.groups.map((group) => group.messages.length)])

describe('the log', () => {
  test('puts one sender’s messages of the same five minutes together', () => {
    expect(
      shape([
        said('user', '2026-01-29T10:00:00.000000Z'),
        said('user', '2026-01-29T10:05:00.000000Z'),
        said('user', '2026-01-29T10:10:00.001000Z'),
        said('admin', '2026-01-29T10:10:01.000000Z'),
      ]),
    ).toEqual([['2026-01-29', 2, 1, 1]])
  })

  test('keeps two colleagues apart', () => {
    expect(
      shape([
        said('admin', '2026-01-29T10:00:00.000000Z', 'Sam'),
        said('admin', '2026-01-29T10:00:01.000000Z', 'Mina'),
      ]),
    ).toEqual([['2026-01-29', 1, 1]])
  })

  test('starts anew at midnight, even in the middle of a group', () => {
    expect(
      shape([said('user', '2026-01-29T23:59:59.000000Z'), said('user', '2026-01-30T00:00:01.000000Z')]),
    ).toEqual([
      ['2026-01-29', 1],
      ['2026-01-30', 1],
    ])
  })

  test('[P2] shows every message once, in the order of the chat', () => {
    const gap = fc.integer({ min: 0, max: 40 * 3_600_000 })
    const sender = fc.constantFrom<['user' | 'admin', string]>(['user', 'A'], ['admin', 'B'], ['admin', 'C'])
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, sender)), (spec) => {
        let at = Date.UTC(2026, 0, 1)
        const messages = spec.map(([ms, [type, name]], index) => {
          at += ms
          return said(type, new Date(at).toISOString(), name, index + 1)
        })
        const shown = timeline(messages, utcDay).flatMap((day) =>
          day.groups.flatMap((group) => group.messages),
        )
        expect(shown).toEqual(messages)
      }),
    )
  })
})
