import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { idMaker } from '../store/id.ts'
import { FakeClock, silentMeter, user } from '../testing/engine.ts'
import { memoryBus } from './bus/memory.ts'
import { type Connection, Connections, type EndReason } from './connections.ts'
import { Hub } from './hub.ts'

const desk = (end = memoryBus()()) =>
  new Connections(
    new Hub(end, { meter: silentMeter, log: pino({ level: 'silent' }), clock: new FakeClock() }),
    idMaker(),
    () => {},
  )
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A connection that notes why it was ended. */
function open(at: Connections, id: string, session: string | null = null) {
  const ends: EndReason[] = []
  const connection: Connection = {
    caller: { ...user(id), session },
    end(reason) {
      ends.push(reason)
      at.delete(connection)
    },
  }
  at.add(connection)
  return ends
}

test('[P7] whoever is revoked is sent away on every desk, and nobody else is', () => {
  const end = memoryBus()
  const [here, there] = [desk(end()), desk(end())]
  const alice = [open(here, 'alice'), open(here, 'alice'), open(there, 'alice')]
  const others = [open(here, 'bob'), open(there, 'bob')]
  here.revoke({ id: 'alice' })
  expect(alice).toEqual([['unauthorized'], ['unauthorized'], ['unauthorized']])
  expect(others).toEqual([[], []])
  expect([here.size, there.size]).toEqual([1, 1])
})

test('[P7] ending one dashboard session leaves the admin’s other ones open', () => {
  const at = desk()
  const [one, other] = [open(at, 'sam', 'session-1'), open(at, 'sam', 'session-2')]
  at.revoke({ session: 'session-1' })
  expect([one, other]).toEqual([['unauthorized'], []])
})

test('a few connections end at once, many over some seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  try {
    const at = desk()
    const all = Array.from({ length: 2_000 }, (_, index) => open(at, `user-${index}`))
    const drained = at.drain()
    const ended: number[] = []
    for (let slice = 0; slice < 40; slice++) {
      ended.push(all.filter(({ length }) => length > 0).length)
      await vi.advanceTimersByTimeAsync(100)
    }
    await drained
    expect(ended.slice(0, 3)).toEqual([50, 100, 150])
    expect(all.every((ends) => ends.length === 1 && ends[0] === 'server_restart')).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})

test('whoever still comes in while the desk stops is sent away, too', async () => {
  const at = desk()
  const early = open(at, 'alice')
  const drained = at.drain()
  const late = open(at, 'bob')
  await drained
  const latest = open(at, 'carol')
  await settled()
  expect([early, late, latest]).toEqual([['server_restart'], ['server_restart'], ['server_restart']])
  expect(at.size).toBe(0)
})
