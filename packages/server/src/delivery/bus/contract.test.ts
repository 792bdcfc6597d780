import { randomUUID } from 'node:crypto'
import { chatStream } from '@deskbell/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BusEnd, busEnd, hears, said } from '../../testing/bus-end.ts'
import { BUSES, type BusServer, busServer } from '../../testing/bus-server.ts'
import { waited } from '../../testing/waited.ts'
import type { BusMessage } from './bus.ts'
import { memoryBus } from './memory.ts'
import { openBus } from './open.ts'

const STREAM = chatStream('0192f0c1-7a3e-7c5d-9a51-3f3f7c1d2e4b')
const OTHER = chatStream('0192f0c1-7a3e-7c5d-9a51-3f3f7c1d2e4c')

interface Ends extends AsyncDisposable {
  here: BusEnd
  there: BusEnd
}

describe.each(['memory', ...BUSES] as const)('%s', (name) => {
  let server: BusServer | null = null
  let memory = memoryBus()

  beforeAll(async () => {
    if (name !== 'memory') server = await busServer(name)
  })
  afterAll(async () => await server?.[Symbol.asyncDispose]())

  async function ends(...namespaces: string[]): Promise<Ends> {
    memory = memoryBus()
    const [own, other = own] = namespaces
    const all = [own, other].map((namespace) =>
      busEnd(server ? openBus(server.url) : memory(), namespace ?? ''),
    )
    const [here, there] = [await all[0], await all[1]]
    if (here === undefined || there === undefined) throw new Error('unreachable')
    return {
      here,
      there,
      async [Symbol.asyncDispose]() {
        await here.bus.close()
        await there.bus.close()
      },
    }
  }

  test('what one desk tells the other one hears, byte for byte, and does not hear itself', async () => {
    await using both = await ends(randomUUID())
    const { here, there } = both
    here.bus.follow(STREAM)
    there.bus.follow(STREAM)
    await hears(there, here, STREAM)
    await hears(here, there, STREAM)
    const message: BusMessage = {
      ...{ stream: STREAM, seq: 7, at: 1_769_680_800_123 },
      json: JSON.stringify({ text: 'à l’aide 👩‍👩‍👧 \u2028 \n\t "quoted" \u0001' }),
      adminJson: JSON.stringify({ text: 'for admins' }),
      source: { chatId: 'c', seq: 7 },
    }
    here.bus.publish(message)
    await waited('it is there', () => there.heard.length > 0)
    expect(there.heard).toEqual([message])
    expect(here.heard).toEqual([])
  })

  test('[P7] a desk hears what it follows, and nothing more once it has left', async () => {
    await using both = await ends(randomUUID())
    const { here, there } = both
    there.bus.follow(STREAM)
    await hears(there, here, STREAM)
    here.bus.publish(said('elsewhere', OTHER))
    here.bus.publish(said('here', STREAM))
    await waited('it is there', () => there.heard.length > 0)
    there.bus.follow(OTHER)
    await hears(there, here, OTHER)
    there.bus.leave(STREAM)
    here.bus.publish(said('nobody listens', STREAM))
    here.bus.publish(said('the other', OTHER))
    await waited('it is there', () => there.texts().includes('the other'))
    expect(there.heard.map(({ stream }) => stream)).toEqual([OTHER])
  })

  test('a burst arrives whole and in order while the bus is well', async () => {
    await using both = await ends(randomUUID())
    const { here, there } = both
    there.bus.follow(STREAM)
    await hears(there, here, STREAM)
    const all = Array.from({ length: 1_500 }, (_, index) => `message ${index}`)
    for (const text of all) here.bus.publish(said(text, STREAM))
    await waited('all are there', () => there.heard.length >= all.length)
    expect(there.texts()).toEqual(all)
  })

  test('an event that is too large is told by where it can be read', async () => {
    await using both = await ends(randomUUID())
    const { here, there } = both
    there.bus.follow(STREAM)
    await hears(there, here, STREAM)
    const json = JSON.stringify({ text: '👋'.repeat(5_000) })
    here.bus.publish({ stream: STREAM, seq: 3, at: 5, json, source: { chatId: 'c', seq: 3 } })
    here.bus.publish(said('after it', STREAM))
    await waited('both are there', () => there.heard.length === 2)
    const [large] = there.heard
    expect(large).toMatchObject({ stream: STREAM, seq: 3, at: 5, source: { chatId: 'c', seq: 3 } })
    expect(large?.json).toBe(name === 'PostgreSQL' ? null : json)
  })

  test('[P7] desks of two databases on one bus do not hear each other', async () => {
    await using both = await ends(randomUUID(), randomUUID())
    await using third = await ends(randomUUID())
    const { here, there } = both
    for (const { bus } of [here, there, third.here, third.there]) bus.follow(STREAM)
    await hears(third.there, third.here, STREAM)
    here.bus.publish(said('among us', STREAM))
    await here.bus.ping()
    await there.bus.ping()
    expect(there.heard).toEqual([])
  })

  test('[P7] a stream may be called anything a client makes up, and is only that stream', async () => {
    await using both = await ends(randomUUID())
    const { here, there } = both
    const names = [
      '*',
      '>',
      'x.>',
      'a b',
      '"; unlisten *; --',
      '\r\nPING',
      '{slot}',
      'é'.repeat(200),
      '%',
      '',
    ]
    const strange = names.map((each) => chatStream(each))
    for (const stream of strange) there.bus.follow(stream)
    for (const stream of strange) await hears(there, here, stream)
    here.bus.publish(said('not for them', STREAM))
    here.bus.publish(said('the last', strange[0] ?? ''))
    await waited('the last is there', () => there.texts().includes('the last'))
    expect(there.texts()).toEqual(['the last'])
  })
})
