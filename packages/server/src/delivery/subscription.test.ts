import type { SupportMessage } from '@deskbell/protocol'
import { expect, test, vi } from 'vitest'
import type { History } from '../messages/history.ts'
import { ChatSubscription } from './subscription.ts'

const text = (content: string | number): Buffer => Buffer.from(String(content))
const message = (seq: number, content = ''): SupportMessage => ({
  ...{ id: `m-${seq}`, seq, client_id: null, content, sender_type: 'user', sender_name: null },
  ...{ read_at: null, created_at: '2026-01-29T10:00:00.000000Z' },
})

/** A chat with `count` messages, and one listener whose every page is read when the test says so. */
function listener(count = 0) {
  const log = Array.from({ length: count }, (_, index) => message(index + 1))
  const wrote: string[] = []
  const reads: { after: number; answer: () => Promise<void>; fail: () => Promise<void> }[] = []
  const readAfter: History['after'] = (_, after, limit) =>
    new Promise((resolve, reject) => {
      reads.push({
        after,
        async answer() {
          const messages = log.slice(after, after + limit)
          resolve({ messages, hasMore: log.length > after + limit })
          await settled()
        },
        async fail() {
          reject(new Error('the database is away'))
          await settled()
        },
      })
    })
  const sink = {
    isOpen: true,
    write: (frame: Buffer) => void wrote.push(String(frame)),
    ready: async () => {},
  }
  const encoding = { key: 'test', encode: (_json: string, seq: number | null) => text(seq ?? 'event') }
  const subscription = new ChatSubscription(sink, encoding, 'chat', { side: 'user', after: readAfter })
  return {
    log,
    wrote,
    reads,
    sink,
    subscription,
    hear: (seq: number) => subscription.offer(text(seq), seq),
    tell: (what: string) => subscription.offer(text(what), null),
    say: () => log.push(message(log.length + 1)),
    seqs: (from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`),
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

test('[P2] what comes next is sent at once, without a look into the log', () => {
  const at = listener(3)
  at.subscription.start(3)
  at.hear(4)
  at.tell('read')
  at.hear(5)
  expect(at.wrote).toEqual(['4', 'read', '5'])
  expect(at.reads).toEqual([])
})

test('[P2] what repeats is dropped', () => {
  const at = listener(3)
  at.subscription.start(3)
  for (const seq of [4, 4, 3, 1, 5, 4, 5]) at.hear(seq)
  expect(at.wrote).toEqual(['4', '5'])
})

test('[P2] [P4] a gap is read from the log before anything later is sent', async () => {
  const at = listener(5)
  at.subscription.start(2)
  at.hear(5)
  at.tell('read')
  expect(at.wrote).toEqual([])
  await at.reads[0]?.answer()
  expect(at.reads.map(({ after }) => after)).toEqual([2])
  expect(at.wrote).toEqual(['3', '4', '5', 'read'])
  at.say()
  at.hear(6)
  expect(at.wrote.at(-1)).toBe('6')
})

test('[P4] what is heard while a gap is read is not lost, whatever the order', async () => {
  const at = listener(5)
  at.subscription.start(2)
  at.hear(5)
  at.say()
  at.say()
  at.hear(7)
  at.hear(6)
  await at.reads[0]?.answer()
  expect(at.wrote).toEqual(at.seqs(3, 7))
})

test('[P4] what is committed after the page was read is read again', async () => {
  const at = listener(5)
  at.subscription.start(2)
  at.hear(5)
  at.hear(6)
  const answered = at.reads[0]?.answer() // made of the log before message 6
  at.say()
  await answered
  await at.reads[1]?.answer()
  expect(at.wrote).toEqual(at.seqs(3, 6))
})

test('[P4] a long gap is read page by page', async () => {
  const at = listener(250)
  at.subscription.start(0)
  at.hear(250)
  for (let page = 0; page < 3; page++) await at.reads[page]?.answer()
  expect(at.reads.map(({ after }) => after)).toEqual([0, 100, 200])
  expect(at.wrote).toEqual(at.seqs(1, 250))
})

test('what is heard before the stream is live is sent once it is', async () => {
  const at = listener(4)
  at.hear(4)
  at.tell('read')
  expect(at.wrote).toEqual([])
  at.subscription.start(3)
  await at.reads[0]?.answer()
  expect(at.wrote).toEqual(['4', 'read'])
})

test('[P4] a resync sends again what came after a seq, and goes on from there', async () => {
  const at = listener(4)
  at.subscription.start(4)
  at.subscription.rewind(1)
  at.hear(5)
  at.say()
  await at.reads[0]?.answer()
  expect(at.wrote).toEqual(at.seqs(2, 5))
  at.hear(6)
  expect(at.wrote.at(-1)).toBe('6')
})

test('[P4] a resync during the reading of a gap starts over from its own seq', async () => {
  const at = listener(6)
  at.subscription.start(4)
  at.hear(6)
  at.subscription.rewind(1)
  await at.reads[0]?.answer()
  expect(at.wrote).toEqual([])
  await at.reads[1]?.answer()
  expect(at.wrote).toEqual(at.seqs(2, 6))
})

test('[P4] a log that cannot be read is asked again until it can', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  try {
    const at = listener(3)
    at.subscription.start(0)
    at.hear(3)
    for (let attempt = 0; attempt < 8; attempt++) {
      await at.reads[attempt]?.fail()
      vi.advanceTimersByTime(5_000)
      await settled()
    }
    await at.reads[8]?.answer()
    expect(at.wrote).toEqual(at.seqs(1, 3))
  } finally {
    vi.useRealTimers()
  }
})

test('a message that is gone from the log does not hold up the ones after it', async () => {
  const at = listener(3)
  at.subscription.start(3)
  at.hear(9)
  await at.reads[0]?.answer()
  at.tell('read')
  at.say()
  at.hear(4)
  expect(at.wrote).toEqual(['read', '4'])
})

test('events without a seq wait behind a gap, up to a hundred of them', async () => {
  const at = listener(2)
  at.subscription.start(0)
  at.hear(2)
  for (let count = 1; count <= 150; count++) at.tell(`read ${count}`)
  await at.reads[0]?.answer()
  expect(at.wrote).toHaveLength(2 + 100)
  expect(at.wrote.slice(0, 3)).toEqual(['1', '2', 'read 1'])
})

test('nothing is sent to a listener that has left, and its reading ends', async () => {
  const at = listener(250)
  at.subscription.start(0)
  at.hear(250)
  await at.reads[0]?.answer()
  at.subscription.close()
  await at.reads[1]?.answer()
  at.hear(251)
  expect(at.wrote).toEqual(at.seqs(1, 100))
  expect(at.reads).toHaveLength(2)
})

test('[P4] a gap of large messages never buries a slow reader: it is told as fast as it reads', async () => {
  const at = listener()
  at.log.push(...Array.from({ length: 100 }, (_, index) => message(index + 1)))
  let waiting = 0
  let most = 0
  const readers: (() => void)[] = []
  at.sink.write = () => {
    most = Math.max(most, ++waiting)
  }
  at.sink.ready = () =>
    new Promise((resolve) =>
      readers.push(() => {
        waiting = 0
        resolve()
      }),
    )
  at.subscription.start(0)
  at.hear(100)
  await at.reads[0]?.answer()
  for (let turn = 0; turn < 100; turn++) {
    readers.shift()?.()
    await settled()
  }
  expect(most).toBe(1)
  expect(waiting).toBe(0)
})

test('[P4] what is committed while the last page is being sent is not forgotten', async () => {
  // The moment between the end of a reading and the stream's going live is some microtasks wide: try each.
  for (let turns = 0; turns <= 12; turns++) {
    const log = [1, 2]
    const seen: number[] = []
    const sink = {
      isOpen: true,
      write: (frame: Buffer) => void seen.push(Number(frame)),
      ready: async () => {},
    }
    const encoding = { key: '', encode: (_: string, seq: number | null) => Buffer.from(String(seq)) }
    const messageOf = (seq: number) => ({ seq }) as SupportMessage
    const readAfter = async (_: string, after: number) => ({
      messages: log.filter((seq) => seq > after).map(messageOf),
      hasMore: false,
    })
    const subscription = new ChatSubscription(sink, encoding, 'chat', { side: 'user', after: readAfter })
    subscription.start(2)
    subscription.rewind(0)
    for (let turn = 0; turn < turns; turn++) await null
    log.push(3)
    subscription.offer(Buffer.from('3'), 3)
    await new Promise((resolve) => setImmediate(resolve))
    expect([turns, ...seen]).toEqual([turns, 1, 2, 3])
  }
})
