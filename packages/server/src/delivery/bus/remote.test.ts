import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LineEvents } from './line.ts'
import { RemoteBus } from './remote.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** A bus on a line that takes everything and says nothing. */
async function silentBus() {
  const sent: string[] = []
  let resets = 0
  let events: LineEvents | undefined
  const bus = new RemoteBus({
    maxBytes: 1_000,
    async open(told) {
      events = told
      told.connected()
    },
    send: async (parcels) => void sent.push(...parcels.map(({ text }) => text)),
    listen: async () => {},
    unlisten: async () => {},
    reset: () => void resets++,
    close: async () => {},
  })
  await bus.open('desk')
  const ask = (times: number) => Promise.allSettled(Array.from({ length: times }, () => bus.ping()))
  const isNoEcho = { status: 'rejected', reason: new Error('no echo within 2000 ms') }
  return {
    bus,
    /** Asks so often at once, and waits until it is known that nothing comes back. */
    async askInVain(times: number) {
      const answers = ask(times)
      await vi.advanceTimersByTimeAsync(2_000)
      expect(await answers).toEqual(Array.from({ length: times }, () => isNoEcho))
    },
    answer: () => events?.heard(sent.at(-1) ?? ''),
    reconnected: () => events?.connected(),
    resets: () => resets,
  }
}

test('a connection on which nothing comes back is given up after two silences, however many ask at once', async () => {
  const at = await silentBus()
  await at.askInVain(20)
  expect(at.resets()).toBe(0)
  await at.askInVain(20)
  expect(at.resets()).toBe(1)
  at.reconnected()
  await at.askInVain(20)
  expect(at.resets(), 'the new connection has its own two').toBe(1)
})

test('one echo is an answer to all who ask', async () => {
  const at = await silentBus()
  await at.askInVain(1)
  const answers = Promise.all([at.bus.ping(), at.bus.ping()])
  at.answer()
  await answers
  await at.askInVain(1)
  expect(at.resets()).toBe(0)
})
