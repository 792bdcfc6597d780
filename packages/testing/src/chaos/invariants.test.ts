import { expect, test } from 'vitest'
import type { Ending } from './ending.ts'
import { History } from './history.ts'
import { type Invariant, violations } from './invariants.ts'

/** So many milliseconds from now. */
const later = (ms: number) =>
  new Date(performance.timeOrigin + performance.now() + ms).toISOString().replace('Z', '000Z')

/** A short day at the desk on which nothing went wrong: alice asks, sam answers twice, alice reads the first answer. */
function goodDay(): { history: History; ending: Ending } {
  const history = new History()
  const said = [
    { client: 'alice/1', side: 'user', clientId: 'a-1', content: 'alice: hello' },
    { client: 'sam', side: 'admin', clientId: 's-1', content: 'sam: hello to you' },
    { client: 'sam', side: 'admin', clientId: 's-2', content: 'sam: anything else?' },
  ] as const
  for (const [index, { client, side, clientId, content }] of said.entries()) {
    const seq = index + 1
    history.invoke({ client, chatId: 'chat-a', side, clientId, content })
    history.answer(clientId, 'ok', seq)
    for (const who of ['alice/1', 'sam'])
      history.sight({ client: who, chatId: 'chat-a', seq, clientId, content })
    history.sentLooks.push({ client, clientId, shownAtMs: seq, lookedAtMs: seq, isStored: true })
  }
  history.see({ client: 'alice/1', chatId: 'chat-a', side: 'user', through: 2 })
  history.see({ client: 'sam', chatId: 'chat-a', side: 'admin', through: 1 })
  history.marks.push({ chatId: 'chat-a', lastSeq: 3, userReadSeq: 0, adminViewedSeq: 0, atMs: 0 })
  history.marks.push({
    chatId: 'chat-a',
    lastSeq: 3,
    userReadSeq: 2,
    adminViewedSeq: 1,
    atMs: performance.now(),
  })
  history.loads.push({ desk: 'desk 1', rssBytes: 120e6, queues: { append: 40 }, atMs: 10 })
  history.loads.push({ desk: 'desk 1', rssBytes: 120e6, queues: { append: 0 }, atMs: 20 })
  const shown = said.map(({ clientId, content }, index) => ({
    ...{ seq: index + 1, clientId, content, senderId: undefined },
  }))
  return {
    history,
    ending: {
      stored: {
        now: later(300_000),
        chats: [
          {
            ...{ id: 'chat-a', email: 'alice@example.com' },
            ...{ lastSeq: 3, lastUserSeq: 1, userReadSeq: 2, adminViewedSeq: 1 },
          },
        ],
        messages: said.map(({ side, clientId, content }, index) => ({
          ...{ chatId: 'chat-a', seq: index + 1, clientId, content, side },
          ...{ createdAt: later(index), readAt: index === 1 ? later(9) : null },
        })),
        notifications: [
          {
            ...{ chatId: 'chat-a', state: 'sent', reason: null, fromSeq: 3, throughSeq: 3 },
            ...{ dueAt: later(8), leasedUntil: null },
          },
        ],
      },
      views: [
        {
          ...{ client: 'alice/1', chatId: 'chat-a', side: 'user', messages: shown },
          ...{ unreadCount: 1, caughtUpAfterMs: 900 },
        },
      ],
      wrongRows: [],
      mails: [{ messageId: '<chat-a.3-3@fern.example>', to: ['alice@example.com'] }],
    },
  }
}

/** What is found when one thing of a good day is otherwise. */
function foundAfter(spoil: (day: ReturnType<typeof goodDay>) => void): [Invariant, string][] {
  const day = goodDay()
  spoil(day)
  return violations(day.history, day.ending).map(({ invariant, what }) => [invariant, what])
}

/** The element that must be there. */
function at<T>(all: readonly T[], index: number): T {
  const one = all.at(index)
  if (one === undefined) throw new Error('unreachable: the good day has it')
  return one
}

test('a good day breaks nothing', () => {
  expect(foundAfter(() => {})).toEqual([])
})

test('a chat of which only the newest part is shown is right', () => {
  expect(foundAfter(({ ending }) => at(ending.views, 0).messages.shift())).toEqual([])
})

test('a reply that is read needs no mail, and neither does one whose time is to come or that was put aside', () => {
  const decided = (change: Partial<Ending['stored']['notifications'][number]>) =>
    foundAfter(({ ending }) => {
      Object.assign(at(ending.stored.notifications, 0), change)
      ending.mails = []
    })
  expect(decided({ state: 'pending', dueAt: later(350_000) })).toEqual([])
  expect(decided({ state: 'pending', reason: 'limited', dueAt: later(3_600_000) })).toEqual([])
  expect(decided({ state: 'pending', leasedUntil: later(360_000) })).toEqual([])
  expect(decided({ state: 'skipped', reason: 'archived' })).toEqual([])
})

test('what was seen may be unread again where the page was gone before it could tell', () => {
  const again = ({ history }: ReturnType<typeof goodDay>) => {
    Object.assign(at(history.seen, 0), { through: 3 })
    history.forget('alice/1')
  }
  expect(foundAfter(again)).toEqual([])
})

type Day = ReturnType<typeof goodDay>

test.each<[Invariant, string, (day: Day) => void]>([
  ['I1', 'an acknowledged message is lost', ({ ending }) => ending.stored.messages.pop()],
  [
    'I1',
    'a message is stored twice',
    ({ ending }) => ending.stored.messages.push({ ...at(ending.stored.messages, 2), seq: 4 }),
  ],
  [
    'I1',
    'a message was refused and is stored',
    ({ history }) => Object.assign(at(history.operations, 0), { outcome: 'failed' }),
  ],
  [
    'I1',
    'nobody knows what became of a message, although everything has healed',
    ({ history }) =>
      history.invoke({ client: 'bob/1', chatId: 'chat-a', side: 'user', clientId: 'b-1', content: 'bob' }),
  ],
  [
    'I1',
    'an acknowledged message is stored as another one',
    ({ history }) => Object.assign(at(history.operations, 0), { seq: 2 }),
  ],
  ['I2', 'seqs have a gap', ({ ending }) => Object.assign(at(ending.stored.messages, 2), { seq: 4 })],
  [
    'I2',
    'times do not grow',
    ({ ending }) => {
      at(ending.stored.messages, 2).createdAt = at(ending.stored.messages, 1).createdAt
    },
  ],
  [
    'I2',
    'a message has another time than when it was sent',
    ({ ending }) => Object.assign(at(ending.stored.messages, 2), { createdAt: later(86_400_000) }),
  ],
  [
    'I2',
    'a message has another time than when it was sent',
    ({ ending }) => Object.assign(at(ending.stored.messages, 0), { createdAt: later(-86_400_000) }),
  ],
  [
    'I2',
    'a chat disagrees with its messages',
    ({ ending }) => Object.assign(at(ending.stored.chats, 0), { lastSeq: 4 }),
  ],
  [
    'I2',
    'a client showed a message where another one is stored',
    ({ history }) =>
      history.sight({
        client: 'sam',
        chatId: 'chat-a',
        seq: 2,
        clientId: 's-2',
        content: 'sam: anything else?',
      }),
  ],
  ['I2', 'a client differs from the database', ({ ending }) => at(ending.views, 0).messages.pop()],
  ['I2', 'a client differs from the database', ({ ending }) => at(ending.views, 0).messages.reverse()],
  [
    'I2',
    'a client had not caught up after 5000 ms',
    ({ ending }) => Object.assign(at(ending.views, 0), { caughtUpAfterMs: 5_001 }),
  ],
  [
    'I2',
    'a client had not caught up after 5000 ms',
    ({ ending }) => Object.assign(at(ending.views, 0), { caughtUpAfterMs: null }),
  ],
  [
    'I3',
    'read or viewed went back',
    ({ history }) => history.marks.push({ ...at(history.marks, 1), userReadSeq: 1 }),
  ],
  [
    'I3',
    'read or viewed covers what nobody had seen',
    ({ history }) => Object.assign(at(history.marks, 0), { adminViewedSeq: 1 }),
  ],
  [
    'I3',
    'what was read counts as unread',
    ({ history }) => Object.assign(at(history.seen, 0), { through: 3 }),
  ],
  [
    'I3',
    'a message’s read_at disagrees with its chat',
    ({ ending }) => Object.assign(at(ending.stored.messages, 1), { readAt: null }),
  ],
  [
    'I3',
    'a client counts other unread messages than the database',
    ({ ending }) => Object.assign(at(ending.views, 0), { unreadCount: 2 }),
  ],
  [
    'I3',
    'an admin’s list differs from the database',
    ({ ending }) => ending.wrongRows.push('admin 0: no chat chat-a'),
  ],
  ['I4', 'nobody was told of an unread reply', ({ ending }) => ending.stored.notifications.pop()],
  [
    'I4',
    'nobody was told of an unread reply',
    ({ ending }) => {
      ending.mails = []
    },
  ],
  [
    'I4',
    'nobody was told of an unread reply',
    ({ ending }) => Object.assign(at(ending.stored.notifications, 0), { state: 'pending' }),
  ],
  [
    'I4',
    'nobody was told of an unread reply',
    ({ ending }) =>
      Object.assign(at(ending.stored.notifications, 0), { state: 'pending', dueAt: later(3_600_000) }),
  ],
  [
    'I4',
    'nobody was told of an unread reply',
    ({ ending }) =>
      Object.assign(at(ending.stored.notifications, 0), {
        ...{ state: 'pending', reason: 'limited', dueAt: later(86_400_000) },
      }),
  ],
  [
    'I4',
    'nobody was told of an unread reply',
    ({ ending }) => Object.assign(at(ending.stored.notifications, 0), { state: 'skipped', reason: 'read' }),
  ],
  [
    'I5',
    'somebody heard of a chat that is not theirs',
    ({ history }) => history.overheard.push({ type: 'new_message' }),
  ],
  [
    'I5',
    'a message is stored that nobody wrote in this chat',
    ({ history }) => Object.assign(at(history.operations, 0), { chatId: 'chat-b' }),
  ],
  [
    'I5',
    'a client has what is not for it',
    ({ ending }) => Object.assign(at(at(ending.views, 0).messages, 1), { senderId: 'sam' }),
  ],
  [
    'I5',
    'a mail went to somebody else',
    ({ ending }) => Object.assign(at(ending.mails, 0), { to: ['bob@example.com'] }),
  ],
  ['I6', 'a desk holds too much', ({ history }) => Object.assign(at(history.loads, 0), { rssBytes: 2e9 })],
  [
    'I6',
    'something waits in a desk that has nothing to do',
    ({ history }) => Object.assign(at(history.loads, 1), { queues: { append: 1 } }),
  ],
  [
    'I7',
    'a message was shown as sent before it was stored',
    ({ history }) => Object.assign(at(history.sentLooks, 0), { isStored: false }),
  ],
])('the checker finds by %s that %s', (invariant, what, spoil) => {
  expect(foundAfter(spoil)).toContainEqual([invariant, what])
})
