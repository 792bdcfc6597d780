import { ADMIN_STREAM, type ChatEvent, chatStream, type SupportChatListItem } from '@deskbell/protocol'
import pino from 'pino'
import { expect, test, vi } from 'vitest'
import type { DeskEvent, Meter } from '../engine.ts'
import { FakeClock, silentMeter } from '../testing/engine.ts'
import type { Bus } from './bus/bus.ts'
import { memoryBus } from './bus/memory.ts'
import { Hub } from './hub.ts'
import { Subscription } from './subscription.ts'

const STREAM = chatStream('chat')
const said = (through: number) => ({
  stream: STREAM,
  event: { type: 'messages_viewed', through } satisfies ChatEvent,
})
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A listener that notes what it got, with how often its frames were encoded. */
function ear(key = 'same', onWrite: (text: string) => void = () => {}) {
  const heard: string[] = []
  const encoded: string[] = []
  const sink = {
    isOpen: true,
    write: (frame: Buffer) => {
      heard.push(String(frame))
      onWrite(String(frame))
    },
    ready: async () => {},
  }
  const encode = (json: string) => {
    const { through } = JSON.parse(json) as { through: number }
    encoded.push(`${key}:${through}`)
    return Buffer.from(`${key}:${through}`)
  }
  return { heard, encoded, subscription: new Subscription(sink, { key, encode }, 'user') }
}

function hub(bus: Bus = memoryBus()(), meter: Meter = silentMeter) {
  return new Hub(bus, { meter, log: pino({ level: 'silent' }), clock: new FakeClock() })
}

test('one event is encoded once for all listeners with the same identifier', () => {
  const at = hub()
  const ears = [ear('one'), ear('one'), ear('two'), ear('one')]
  for (const { subscription } of ears) at.subscribe(STREAM, subscription)
  at.publish([said(1)])
  expect(ears.map(({ heard }) => heard)).toEqual([['one:1'], ['one:1'], ['two:1'], ['one:1']])
  expect(ears.flatMap(({ encoded }) => encoded).toSorted()).toEqual(['one:1', 'two:1'])
})

test('an event becomes bytes once, and only where someone listens', () => {
  const at = hub()
  const stringify = vi.spyOn(JSON, 'stringify')
  at.publish([said(1)])
  expect(stringify).not.toHaveBeenCalled()
  for (const key of ['one', 'two']) at.subscribe(STREAM, ear(key).subscription)
  at.publish([said(2)])
  expect(stringify).toHaveBeenCalledOnce()
  stringify.mockRestore()
})

test('what another desk told of a chat is passed on as it came, and not read', () => {
  const bus = memoryBus()()
  const listen = vi.spyOn(bus, 'listen')
  const at = hub(bus)
  const [ears] = listen.mock.calls.flat()
  const written: string[] = []
  const sink = {
    isOpen: true,
    write: (frame: Buffer) => void written.push(String(frame)),
    ready: async () => {},
  }
  at.subscribe(STREAM, new Subscription(sink, { key: 'raw', encode: (json) => Buffer.from(json) }, 'user'))
  const parse = vi.spyOn(JSON, 'parse')
  ears?.heard({ stream: STREAM, seq: null, at: new FakeClock().now(), json: '{"said":"elsewhere"}' })
  expect(parse).not.toHaveBeenCalled()
  parse.mockRestore()
  expect(written).toEqual(['{"said":"elsewhere"}'])
})

test('nothing is told of a chat once it is removed, though it was committed before', () => {
  const at = hub()
  const heard: string[] = []
  const encode = (json: string) => {
    heard.push((JSON.parse(json) as { type: string }).type)
    return Buffer.from(json)
  }
  const sink = { isOpen: true, write() {}, ready: async () => {} }
  at.subscribe(ADMIN_STREAM, new Subscription(sink, { key: 'admin', encode }, 'admin'))
  const told = (event: DeskEvent['event']) => at.publish([{ stream: ADMIN_STREAM, event }])
  const chat = { id: 'chat' } as SupportChatListItem // nobody reads the rest of it
  told({ type: 'chat_updated', chat })
  told({ type: 'chat_removed', chat_id: 'chat' })
  told({ type: 'chat_updated', chat })
  told({ type: 'chat_updated', chat: { ...chat, id: 'another' } })
  expect(heard).toEqual(['chat_updated', 'chat_removed', 'chat_updated'])
})

test('[P7] a listener hears its own stream only, and nothing after it has left', () => {
  const at = hub()
  const [mine, other] = [ear(), ear()]
  const leave = at.subscribe(STREAM, mine.subscription)
  at.subscribe(chatStream('another'), other.subscription)
  at.publish([said(1)])
  leave()
  leave()
  at.publish([said(2)])
  expect(mine.heard).toEqual(['same:1'])
  expect(other.heard).toEqual([])
})

test('a listener that leaves during a fan-out, or makes another one leave, disturbs nobody else', () => {
  const at = hub()
  const leaves: (() => void)[] = []
  const first = ear('first', () => {
    leaves[0]?.()
    leaves[1]?.()
  })
  const [second, third] = [ear('second'), ear('third')]
  for (const { subscription } of [first, second, third]) leaves.push(at.subscribe(STREAM, subscription))
  at.publish([said(1), said(2)])
  expect(first.heard).toEqual(['first:1'])
  expect(second.heard).toEqual([])
  expect(third.heard).toEqual(['third:1', 'third:2'])
})

test('[P2] a fan-out to thousands lets others have a turn, and keeps the order for everyone', async () => {
  const at = hub()
  const ears = Array.from({ length: 5_000 }, () => ear())
  for (const { subscription } of ears) at.subscribe(STREAM, subscription)
  at.publish([said(1)])
  expect(ears.filter(({ heard }) => heard.length > 0)).toHaveLength(2_000)
  at.publish([said(2)])
  await settled()
  at.publish([said(3)])
  for (let turn = 0; turn < 12; turn++) await settled()
  for (const { heard } of ears) expect(heard).toEqual(['same:1', 'same:2', 'same:3'])
  at.publish([said(4)])
  expect(ears[0]?.heard.at(-1)).toBe('same:4')
})

test('whoever leaves while a fan-out yields gets nothing more, whoever comes gets what follows', async () => {
  const at = hub()
  const ears = Array.from({ length: 3_000 }, () => ear())
  const leaves = ears.map(({ subscription }) => at.subscribe(STREAM, subscription))
  at.publish([said(1)])
  leaves[2_500]?.()
  const late = ear()
  at.subscribe(STREAM, late.subscription)
  at.publish([said(2)])
  for (let turn = 0; turn < 6; turn++) await settled()
  expect(ears[2_500]?.heard).toEqual([])
  expect(ears[2_501]?.heard).toEqual(['same:1', 'same:2'])
  expect(late.heard).toEqual(['same:2'])
})

test('what waits for a fan-out is counted, and the count returns to nothing', async () => {
  let backlog = () => -1
  const at = hub(memoryBus()(), {
    ...silentMeter,
    watch: (_, length) => {
      backlog = length
    },
  })
  for (let count = 0; count < 2_500; count++) at.subscribe(STREAM, ear().subscription)
  at.publish([said(1), said(2), said(3)])
  expect(backlog()).toBe(2)
  for (let turn = 0; turn < 8; turn++) await settled()
  expect(backlog()).toBe(0)
})

test('another desk hears by the bus what happened here, and does not say it again', () => {
  const end = memoryBus()
  const [here, there] = [hub(end()), hub(end())]
  const [mine, theirs] = [ear(), ear()]
  here.subscribe(STREAM, mine.subscription)
  there.subscribe(STREAM, theirs.subscription)
  here.publish([said(1)])
  there.publish([said(2)])
  expect([mine.heard, theirs.heard]).toEqual([
    ['same:1', 'same:2'],
    ['same:1', 'same:2'],
  ])
})

test('a bus that fails costs other desks a hint, and nobody here anything', () => {
  const broken = () => {
    throw new Error('the bus is away')
  }
  const at = hub({ ...memoryBus()(), publish: broken })
  const here = ear()
  at.subscribe(STREAM, here.subscription)
  at.publish([said(1), said(2)])
  expect(here.heard).toEqual(['same:1', 'same:2'])
})
