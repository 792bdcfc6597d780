import { chatStream } from '@deskbell/protocol'
import { describe, expect, test } from 'vitest'
import { busEnd, hears, said } from '../../testing/bus-end.ts'
import { BUSES, busServer } from '../../testing/bus-server.ts'
import { waited } from '../../testing/waited.ts'
import { openBus } from './open.ts'

const [STREAM, LATER] = [chatStream('one'), chatStream('another')]
const HEALED_MS = 5_000

describe.concurrent.each(BUSES)('%s', (name) => {
  test('[P4] a server that is killed costs hints; when it is back, desks hear each other within 5 s', async () => {
    await using server = await busServer(name)
    await using here = await busEnd(openBus(server.url), 'desk')
    await using there = await busEnd(openBus(server.url), 'desk')
    there.bus.follow(STREAM)
    await hears(there, here, STREAM)

    await server.crash()
    await expect(here.bus.ping()).rejects.toThrow()
    here.bus.publish(said('nobody hears it', STREAM))
    there.bus.follow(LATER)
    await using late = await busEnd(openBus(server.url), 'desk')
    late.bus.follow(STREAM)

    await server.restart()
    await hears(there, here, STREAM, HEALED_MS)
    await hears(there, here, LATER, HEALED_MS)
    await hears(late, here, STREAM, HEALED_MS)
    await here.bus.ping()
    expect(there.connections()).toBeGreaterThan(1)
  })

  test('[P4] a server that hangs is noticed, holds up nobody, and is heard again when it goes on', async () => {
    await using server = await busServer(name)
    await using here = await busEnd(openBus(server.url), 'desk')
    await using there = await busEnd(openBus(server.url), 'desk')
    there.bus.follow(STREAM)
    await hears(there, here, STREAM)

    server.freeze()
    try {
      // The threads of a server stop one after the other.
      await waited('there is no echo', () => here.bus.ping().then(() => false, isWithoutEcho))
      const startedAt = performance.now()
      const text = 'x'.repeat(1_000)
      for (let count = 0; count < 20_000; count++) here.bus.publish(said(text, STREAM))
      expect(performance.now() - startedAt).toBeLessThan(2_000)
      await waited('what cannot be told is given up', () => here.dropped() > 10_000)
      await expect(here.bus.ping()).rejects.toThrow()
    } finally {
      server.thaw()
    }
    await waited(
      'it answers',
      async () =>
        await here.bus.ping().then(
          () => true,
          () => false,
        ),
      HEALED_MS,
    )
    await hears(there, here, STREAM, HEALED_MS)
  })

  test('[P4] a server that hangs up costs hints at most; desks hear each other again within 5 s, each thing once', async () => {
    await using server = await busServer(name)
    await using here = await busEnd(openBus(server.url), 'desk')
    await using there = await busEnd(openBus(server.url), 'desk')
    for (const { bus } of [here, there]) bus.follow(STREAM)
    await hears(there, here, STREAM)
    await hears(here, there, STREAM)

    for (const hangUp of server.hangUps) {
      const texts = Array.from({ length: 300 }, (_, index) => `message ${index}`)
      for (const text of texts) here.bus.publish(said(text, STREAM))
      await hangUp()
      for (const text of texts) there.bus.publish(said(text, STREAM))
      await hears(there, here, STREAM, HEALED_MS)
      await hears(here, there, STREAM, HEALED_MS)
      await here.bus.ping()
      await there.bus.ping()
      for (const { heard } of [here, there]) heard.splice(0)
      for (const text of texts) here.bus.publish(said(text, STREAM))
      await waited('all are there', () => there.heard.length >= texts.length)
      expect(there.texts()).toEqual(texts)
      expect(here.heard).toEqual([])
    }
  })
})

const isWithoutEcho = (error: Error) => error.message.includes('no echo')
