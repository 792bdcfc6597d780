import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCable } from '@anycable/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { RAILS_CLIENTS, RailsPage } from './rails-page.ts'
import { type TestDesk, testDesk } from './test-desk.ts'
import { until } from './until.ts'

/** A chat as an app sees it through a stock client, whichever that is. */
interface AppChat {
  // biome-ignore lint/suspicious/noExplicitAny: an app reads whatever it gets.
  readonly heard: any[]
  /** How often the subscription was confirmed, rejected and lost. */
  readonly counts: { confirmed: number; rejected: number; lost: number }
  /** Whether the client means to connect again by itself; asked once it has lost the subscription. */
  triesAgain(): boolean
  perform(action: string, data?: object): void
  leave(): void
}

interface AppOptions {
  /** Asks for what was missed whenever the subscription is confirmed, as a careful app does. */
  syncs?: boolean
}

interface StockClient {
  follow(url: string, params: { channel: string; [name: string]: string }, options?: AppOptions): AppChat
  /** Makes the client try again now instead of after its back-off. */
  retryNow(): void
  close(): void
}

let page: RailsPage
beforeAll(() => {
  page = new RailsPage()
})
afterAll(() => page[Symbol.dispose]())

function newChat(): Pick<AppChat, 'heard' | 'counts'> {
  return { heard: [], counts: { confirmed: 0, rejected: 0, lost: 0 } }
}

const lastSeq = ({ heard }: Pick<AppChat, 'heard'>) =>
  Math.max(0, ...heard.map((event) => event.message?.seq ?? 0))

function rails(name: (typeof RAILS_CLIENTS)[number]): StockClient {
  const cable = page.load(name)
  const consumers = new Map<string, ReturnType<typeof cable.createConsumer>>()
  return {
    follow(url, params, { syncs = false } = {}) {
      const consumer = consumers.get(url) ?? cable.createConsumer(url)
      consumers.set(url, consumer)
      const chat = newChat()
      let triesAgain = true
      const subscription = consumer.subscriptions.create(params, {
        connected() {
          chat.counts.confirmed++
          if (syncs) this.perform('sync', { after: lastSeq(chat) })
        },
        disconnected({ willAttemptReconnect }) {
          chat.counts.lost++
          triesAgain = willAttemptReconnect
        },
        rejected: () => void chat.counts.rejected++,
        received: (event) => void chat.heard.push(event),
      })
      return {
        ...chat,
        triesAgain: () => triesAgain,
        perform: (action, data) => subscription.perform(action, data),
        leave: () => subscription.unsubscribe(),
      }
    },
    retryNow: () => page.comesIntoView(),
    close() {
      for (const consumer of consumers.values()) consumer.disconnect()
    },
  }
}

function anycable(): StockClient {
  const cables = new Map<string, ReturnType<typeof createCable>>()
  return {
    follow(url, { channel: name, ...params }, { syncs = false } = {}) {
      const known = cables.get(url)
      const cable =
        known ??
        createCable(url, {
          websocketImplementation: WebSocket,
          reconnectStrategy: () => 100,
          logLevel: 'error',
        })
      cables.set(url, cable)
      const chat = newChat()
      const channel = cable.subscribeTo(name, params)
      channel.on('connect', () => {
        chat.counts.confirmed++
        if (syncs) void channel.perform('sync', { after: lastSeq(chat) })
      })
      channel.on('disconnect', () => void chat.counts.lost++)
      channel.on('close', () => void chat.counts.rejected++)
      channel.on('message', (event) => void chat.heard.push(event))
      return {
        ...chat,
        triesAgain: () => cable.state !== 'closed',
        perform: (action, data) => void channel.perform(action, data),
        leave: () => channel.disconnect(),
      }
    },
    retryNow() {},
    close() {
      for (const cable of cables.values()) cable.disconnect()
    },
  }
}

const CLIENTS = [
  ...RAILS_CLIENTS.map((name) => ({ name: String(name), client: () => rails(name) })),
  { name: '@anycable/core', client: anycable },
]

describe.each(CLIENTS)('$name', ({ client }) => {
  let stock: StockClient
  let folder: string
  beforeAll(() => {
    stock = client()
    folder = mkdtempSync(join(tmpdir(), 'deskbell-stock-'))
  })
  afterAll(() => {
    stock.close()
    rmSync(folder, { recursive: true })
  })

  const urlOf = (at: TestDesk, token: string) => `ws://127.0.0.1:${at.port}/cable?token=${token}`
  const contents = ({ heard }: AppChat) =>
    heard.filter((event) => event.type === 'new_message').map(({ message }) => message.content)

  test('a user and an admin talk', async () => {
    await using at = await testDesk()
    const chat_id = await at.openChat('alice')
    const params = { channel: 'SupportChatChannel', chat_id }
    const alice = stock.follow(urlOf(at, at.token('alice')), params)
    const adminUrl = urlOf(at, at.token('sam', { role: 'admin' }))
    const sam = stock.follow(adminUrl, params)
    const rows = stock.follow(adminUrl, { channel: 'AdminNotificationChannel' })
    await until('all are confirmed', () => [alice, sam, rows].every(({ counts }) => counts.confirmed === 1))

    alice.perform('send_message', { content: 'my invoice is wrong', client_id: 'a-1' })
    await until('the admin has it', () => sam.heard.length === 1)
    sam.perform('mark_viewed', { through: 1 })
    sam.perform('send_message', { content: 'let me look', client_id: 's-1' })
    await until('the user has the answer', () => contents(alice).length === 2)
    alice.perform('mark_read', { through: 2 })
    await until('the admin hears that it was read', () => sam.heard.length === 4)
    expect(alice.heard.map((event) => event.type)).toEqual([
      'new_message',
      'messages_viewed',
      'new_message',
      'messages_read',
    ])
    // Who answered is told to admins alone.
    expect(sam.heard).toMatchObject(alice.heard)
    expect(rows.heard.filter((event) => event.type === 'new_user_message')).toHaveLength(1)
    for (const { leave } of [alice, sam, rows]) leave()
  })

  test('[P7] the chat of somebody else is rejected, and the own one works beside it', async () => {
    await using at = await testDesk()
    const foreign = await at.openChat('bob')
    const own = await at.openChat('alice')
    const url = urlOf(at, at.token('alice'))
    const refused = [
      stock.follow(url, { channel: 'SupportChatChannel', chat_id: foreign }),
      stock.follow(url, { channel: 'SupportChatChannel', chat_id: crypto.randomUUID() }),
      stock.follow(url, { channel: 'AdminNotificationChannel' }),
      stock.follow(url, { channel: 'Nowhere' }),
    ]
    const chat = stock.follow(url, { channel: 'SupportChatChannel', chat_id: own })
    await until('all are answered', () => refused.every(({ counts }) => counts.rejected === 1))
    await until('the own one is confirmed', () => chat.counts.confirmed === 1)
    chat.perform('send_message', { content: 'hello' })
    await until('it works', () => contents(chat).length === 1)
    expect(refused.map(({ heard, counts }) => [heard.length, counts.confirmed])).toEqual(
      refused.map(() => [0, 0]),
    )
    chat.leave()
  })

  test('who has no valid token does not try for ever', async () => {
    await using at = await testDesk()
    const chat = stock.follow(urlOf(at, at.token('alice', { exp: 1 })), {
      channel: 'AdminNotificationChannel',
    })
    await until('it hears no', () => chat.counts.lost === 1)
    expect([chat.triesAgain(), chat.counts.confirmed]).toEqual([false, 0])
  })

  test('leaving and joining again works', async () => {
    await using at = await testDesk()
    const chat_id = await at.openChat('alice')
    const url = urlOf(at, at.token('alice'))
    const first = stock.follow(url, { channel: 'SupportChatChannel', chat_id })
    await until('it is confirmed', () => first.counts.confirmed === 1)
    first.leave()
    const second = stock.follow(url, { channel: 'SupportChatChannel', chat_id })
    await until('it is confirmed again', () => second.counts.confirmed === 1)
    second.perform('send_message', { content: 'back' })
    await until('it works', () => contents(second).length === 1)
    expect(first.heard).toEqual([])
    second.leave()
  })

  test('[P4] after the desk was away on the same port, everything is there once and in order', async () => {
    const databaseUrl = `sqlite:${join(folder, 'restart.db')}`
    const before = await testDesk({ databaseUrl })
    const { port } = before
    const token = before.token('alice')
    const chat_id = await before.openChat('alice')
    const chat = stock.follow(
      urlOf(before, token),
      { channel: 'SupportChatChannel', chat_id },
      { syncs: true },
    )
    await until('it is confirmed', () => chat.counts.confirmed === 1)
    for (const content of ['one', 'two']) chat.perform('send_message', { content })
    await until('both are there', () => contents(chat).length === 2)
    await before[Symbol.asyncDispose]()
    await until('the client notices', () => chat.counts.lost === 1)
    expect(chat.triesAgain()).toBe(true)

    await using after = await testDesk({ databaseUrl, onPort: port })
    const sam = after.token('sam', { role: 'admin' })
    for (const content of ['three', 'four']) {
      await after.call(sam, 'POST', `/admin/chats/${chat_id}/messages`, { content })
    }
    stock.retryNow()
    await until('the client is back', () => chat.counts.confirmed === 2, 10_000)
    chat.perform('send_message', { content: 'five' })
    await until('the last is there', () => contents(chat).includes('five'))
    expect(contents(chat)).toEqual(['one', 'two', 'three', 'four', 'five'])
    chat.leave()
  })

  test('[P4] a connection that breaks without a word is made again', async () => {
    await using at = await testDesk()
    const broken = new Set<{ destroy(): void }>()
    at.server.on('connection', (socket) => broken.add(socket))
    const chat_id = await at.openChat('alice')
    const params = { channel: 'SupportChatChannel', chat_id }
    const chat = stock.follow(urlOf(at, at.token('alice')), params, { syncs: true })
    await until('it is confirmed', () => chat.counts.confirmed === 1)
    chat.perform('send_message', { content: 'one' })
    await until('it is there', () => contents(chat).length === 1)
    for (const socket of broken) socket.destroy()
    await until('the client notices', () => chat.counts.lost === 1)
    await at.call(at.token('alice'), 'POST', '/support_chat/messages', { content: 'two' })
    stock.retryNow()
    await until('the client is back', () => chat.counts.confirmed === 2, 10_000)
    chat.perform('send_message', { content: 'three' })
    await until('the last is there', () => contents(chat).includes('three'))
    expect(contents(chat)).toEqual(['one', 'two', 'three'])
    chat.leave()
  })
})

// Since Rails 7 the clients repeat a subscribe that is not answered within 500 ms.
test.each(['@rails/actioncable', 'rails-actioncable-7'] as const)(
  'a subscribe that %s repeats is confirmed once',
  async (name) => {
    await using at = await testDesk()
    const chat_id = await at.openChat('alice')
    const subscribes: string[] = []
    class Watched extends WebSocket {
      override send(data: string): void {
        if (data.includes('"subscribe"')) subscribes.push(data)
        // The first is lost on its way, and the repetition comes twice.
        if (subscribes.length === 1) return
        super.send(data)
        super.send(data)
      }
    }
    const cable = page.load(name)
    cable.adapters.WebSocket = Watched
    const consumer = cable.createConsumer(`ws://127.0.0.1:${at.port}/cable?token=${at.token('alice')}`)
    let confirmed = 0
    const heard: unknown[] = []
    const chat = consumer.subscriptions.create(
      { channel: 'SupportChatChannel', chat_id },
      { connected: () => void confirmed++, received: (event) => void heard.push(event) },
    )
    await until('it is confirmed', () => confirmed > 0)
    chat.perform('send_message', { content: 'hello', client_id: 'once' })
    await until('it works', () => heard.length > 0)
    chat.perform('send_message', { content: 'again', client_id: 'twice' })
    await until('it works on', () => heard.length > 1)
    expect([confirmed, heard.length, subscribes.length]).toEqual([1, 2, 2])
    consumer.disconnect()
  },
)
