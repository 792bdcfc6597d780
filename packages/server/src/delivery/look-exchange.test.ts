import pino from 'pino'
import { expect, test, vi } from 'vitest'
import { idMaker } from '../store/id.ts'
import { FakeClock, silentMeter } from '../testing/engine.ts'
import type { Bus } from './bus/bus.ts'
import { memoryBus } from './bus/memory.ts'
import { Hub } from './hub.ts'
import { LookExchange } from './look-exchange.ts'
import { Looks } from './looks.ts'

function desk(bus: Bus, clock: FakeClock) {
  const looks = new Looks()
  const hub = new Hub(bus, { meter: silentMeter, log: pino({ level: 'silent' }), clock })
  return { looks, exchange: new LookExchange(looks, hub, { clock, newId: idMaker() }) }
}

test('[P6] what a user looks at on one desk is known on the other, until nobody looks any more', () => {
  const [end, clock] = [memoryBus(), new FakeClock()]
  const [here, there] = [desk(end(), clock), desk(end(), clock)]
  const [tab, other] = [{}, {}]
  here.looks.set('chat', tab, true)
  here.looks.set('chat', other, true)
  expect([there.looks.isLooking('chat'), there.looks.isLooking('another')]).toEqual([true, false])
  here.looks.set('chat', tab, false)
  expect(there.looks.isLooking('chat')).toBe(true)
  here.looks.set('chat', other, false)
  expect([here.looks.isLooking('chat'), there.looks.isLooking('chat')]).toEqual([false, false])
})

test('[P6] a word that is lost is said again, and a desk that died looks at nothing for long', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const [end, clock] = [memoryBus(), new FakeClock()]
    const here = desk(end(), clock)
    const tabs = Array.from({ length: 250 }, (_, index) => ({ chat: `chat ${index}` }))
    for (const tab of tabs) here.looks.set(tab.chat, tab, true)
    const there = desk(end(), clock) // it came later
    expect(there.looks.isLooking('chat 0')).toBe(false)
    const pass = (ms: number) => {
      clock.advance(ms)
      vi.advanceTimersByTime(ms)
    }
    pass(15_000)
    expect(tabs.every(({ chat }) => there.looks.isLooking(chat))).toBe(true)
    here.exchange.stop()
    for (let turn = 0; turn < 4; turn++) pass(15_000)
    expect(tabs.some(({ chat }) => there.looks.isLooking(chat))).toBe(false)
  } finally {
    vi.useRealTimers()
  }
})
