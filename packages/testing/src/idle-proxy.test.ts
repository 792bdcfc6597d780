import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { CableClient } from './cable-client.ts'
import { Balancer } from './chaos/balancer.ts'
import { testDesk } from './test-desk.ts'

/** Proxies wait for a minute; the desk says something every three seconds. */
const IDLE_MS = 4_000

test('[P4] a proxy that hangs up on silence leaves sockets and event streams alone', async () => {
  await using at = await testDesk()
  await using proxy = await Balancer.before(() => [at.port], IDLE_MS)
  await proxy.serving()
  const token = at.token('alice')
  await at.openChat('alice')
  await using cable = await new CableClient(`${proxy.cableUrl}?token=${token}`).opened()
  const leaving = new AbortController()
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' }
  const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(30_000)])
  const events = await fetch(`${proxy.url}/api/support_chat/events`, { headers, signal })
  let isOver = false
  const over = () => {
    isOver = true
  }
  const ended = events.text().then(over, over)
  // The time is what is to be tested: twice as long as the proxy's patience.
  await delay(2 * IDLE_MS + 500)
  expect([cable.closed, isOver]).toEqual([null, false])
  leaving.abort()
  await ended
}, 30_000)
