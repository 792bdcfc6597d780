import { type Bus, createDesk, memoryBus } from 'deskbell'
import { expect, test } from 'vitest'
import { deskDatabase } from '../../server/src/testing/databases.ts'
import { testDesk } from './test-desk.ts'
import { until } from './until.ts'

/** A bus whose connection is gone, and that says so by throwing. */
const gone = () => {
  throw new Error('the bus is gone')
}
const deadBus: Bus = {
  ...memoryBus()(),
  publish: gone,
  follow: gone,
  leave: gone,
  ping: async () => gone(),
}

test('[P3] a bus that fails neither doubles a message nor keeps it from those who are here', async () => {
  await using at = await testDesk({ bus: deadBus })
  const chat_id = await at.openChat('alice')
  await using alice = await at.cable(at.token('alice'))
  const identifier = await alice.subscribe({ channel: 'SupportChatChannel', chat_id })
  const all = ['one', 'two', 'three']
  for (const content of all) alice.perform(identifier, 'send_message', { content })
  await until('all are echoed', () => alice.events(identifier).length >= all.length)
  const response = await at.call(at.token('alice'), 'POST', '/support_chat/messages', { content: 'four' })
  expect(response.status).toBe(201)
  await until('the fourth is echoed too', () => alice.events(identifier).length >= 4)
  expect(alice.events(identifier).map((event) => event.message?.content)).toEqual([...all, 'four'])
})

test('[P7] whoever is revoked is sent away here even when the bus fails', async () => {
  await using at = await testDesk({ bus: deadBus })
  await using alice = await at.cable(at.token('alice'))
  at.desk.revoke({ id: 'alice' })
  await until('the socket is closed', () => alice.closed?.code === 1008)
})

test('a desk that is closed while its bus connects leaves no connection behind', async () => {
  const opened = Promise.withResolvers<void>()
  const isOpening = Promise.withResolvers<void>()
  let state: 'closed' | 'open' = 'closed'
  let pings = 0
  const slowBus: Bus = {
    ...memoryBus()(),
    async open() {
      isOpening.resolve()
      await opened.promise
      state = 'open'
    },
    async ping() {
      pings++
    },
    async close() {
      state = 'closed'
    },
  }
  await using database = await deskDatabase()
  const desk = createDesk({
    databaseUrl: database.url,
    bus: slowBus,
    logLevel: 'silent',
    identify: () => null,
  })
  await isOpening.promise
  await desk.close()
  opened.resolve()
  await desk.ready.catch(() => {})
  expect([state, pings]).toEqual(['closed', 0])
})
