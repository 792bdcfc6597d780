import { request } from 'node:http'
import { createSupportChat } from '@deskbell/client'
import { memoryBus } from 'deskbell'
import { expect, test } from 'vitest'
import { CableClient } from './cable-client.ts'
import { PATIENCE_S, PROXIES, proxy } from './proxy.ts'
import { signToken } from './token.ts'
import { twinDesks } from './twin-desks.ts'
import { until } from './until.ts'

const ALICE = signToken({ sub: 'alice', email: 'alice@example.com', name: 'Alice' })
const CHAT = { channel: 'SupportChatChannel' }

test.concurrent.each(PROXIES)(
  'behind %s, messages travel by every way, and tokens stay out of its log',
  async (name) => {
    await using at = await behind(name)
    const chat_id = (await (await at.call('GET', '/support_chat')).json()).id
    await using alice = await at.cable(ALICE)
    const chat = await alice.subscribe({ ...CHAT, chat_id })
    await using stream = await at.stream('/support_chat/events', '127.0.0.1')
    await until('the stream has begun', () => stream.status() === 200)
    expect((await at.call('POST', '/support_chat/messages', { content: 'by POST' })).status).toBe(201)
    alice.perform(chat, 'send_message', { content: 'by cable' })
    await until('the cable has both', () => alice.events(chat).length === 2)
    // Nothing holds back what is not yet a buffer full.
    await until('the stream has both', () => /by POST[\s\S]*by cable/.test(stream.text()))
    for (const path of ['/metrics', '/api/metrics']) expect((await fetch(at.url + path)).status).toBe(404)
    await until('it is in the log', () => at.proxy.log().includes('POST'))
    expect(at.proxy.log()).not.toContain(ALICE)
    expect(at.proxy.log()).not.toContain('token')
  },
)

test.concurrent.each(PROXIES)(
  'behind %s, tokens stay out of its log also while no desk can be reached',
  async (name) => {
    await using at = await behind(name)
    await at.stop()
    await at.stopOther()
    const ask = (path: string, headers = {}) => fetch(at.url + path, { headers })
    const answers = await Promise.all([
      ask(`/cable?token=${ALICE}`),
      ask('/cable', { 'sec-websocket-protocol': `deskbell-token.${ALICE}` }),
      ask('/api/support_chat', { referer: `${at.url}/cable?token=${ALICE}` }),
    ])
    for (const { status } of answers) expect([502, 503, 504]).toContain(status)
    await until('it is in the log', () => at.proxy.log().includes('/api/support_chat'))
    expect(at.proxy.log()).not.toContain(ALICE)
  },
)

test.concurrent.each(PROXIES)(
  'behind %s, the desk tells addresses apart, whatever a caller says of their own',
  async (name) => {
    await using at = await behind(name, { trustProxy: 1, connectionLimit: 1 })
    await at.call('GET', '/support_chat')
    const ask = (from: string) => at.stream('/support_chat/events', from)
    await using first = await ask('127.0.0.1')
    await until('the first is let in', () => first.status() === 200)
    // Either desk counts its own.
    await using second = await ask('127.0.0.1')
    await using third = await ask('127.0.0.1')
    await until('they are answered', () => second.status() !== null && third.status() !== null)
    expect([second.status(), third.status()]).toContain(429)
    await using other = await ask('127.0.0.2')
    await until('another address is let in', () => other.status() === 200)
  },
)

test.concurrent.each(PROXIES)(
  'behind %s, what is quiet stays connected: there is always a beat',
  async (name) => {
    await using at = await behind(name)
    await at.call('GET', '/support_chat')
    await using alice = await at.cable(ALICE)
    await using stream = await at.stream('/support_chat/events', '127.0.0.1')
    const startedAt = performance.now()
    const beats = () => alice.frames.filter(({ type }) => type === 'ping').length
    await until('it is longer than the proxy waits', () => performance.now() - startedAt > 1_500 * PATIENCE_S)
    const before = beats()
    await until('there is another beat', () => beats() > before)
    expect([alice.closed, stream.isOver()]).toEqual([null, false])
  },
)

test.concurrent.each(PROXIES)(
  '[P3] [P4] behind %s, who was on a desk that stops is on the other, and loses nothing',
  async (name) => {
    await using at = await behind(name)
    const baseUrl = `${at.url}/api`
    const cableUrl = `${at.url.replace('http', 'ws')}/cable`
    const tabs = Array.from({ length: 4 }, () => createSupportChat({ baseUrl, cableUrl, token: ALICE }))
    const seen = () =>
      tabs.map((tab) => tab.getSnapshot().messages.filter(({ state }) => state === 'sent').length)
    try {
      await at.call('GET', '/support_chat')
      await Promise.all(tabs.map((tab) => tab.open()))
      await until('all are online', () => tabs.every((tab) => tab.getSnapshot().status === 'online'))
      tabs[0]?.send('before')
      await until('all see it', () => seen().every((count) => count === 1))
      const stopped = at.stop()
      for (const [number, tab] of tabs.entries()) tab.send(`while it stops ${number}`)
      await stopped
      tabs[3]?.send('after')
      await until('all see all of it', () => seen().every((count) => count === tabs.length + 2))
      const [first, ...others] = tabs.map((tab) =>
        tab.getSnapshot().messages.map(({ seq, content }) => `${seq} ${content}`),
      )
      for (const other of others) expect(other).toEqual(first)
    } finally {
      for (const tab of tabs) tab.close()
    }
  },
)

async function behind(
  name: (typeof PROXIES)[number],
  options: { trustProxy?: number; connectionLimit?: number } = {},
) {
  const stack = new AsyncDisposableStack()
  const { desks } = stack.use(await twinDesks(memoryBus(), options))
  const before = stack.use(await proxy(name, [desks[0].port, desks[1].port]))
  const url = `http://127.0.0.1:${before.port}`
  return {
    url,
    proxy: before,
    call: (method: string, path: string, body?: object) =>
      fetch(`${url}/api${path}`, {
        method,
        headers: { authorization: `Bearer ${ALICE}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      }),
    cable: (token: string) => new CableClient(`ws://127.0.0.1:${before.port}/cable?token=${token}`).opened(),
    stream: async (path: string, localAddress: string) => eventStream(`${url}/api${path}`, localAddress),
    stop: () => desks[0][Symbol.asyncDispose](),
    stopOther: () => desks[1][Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

/** Asks from an address of this machine, and lies about it. */
function eventStream(url: string, localAddress: string) {
  let status: number | null = null
  let text = ''
  let isOver = false
  const headers = {
    authorization: `Bearer ${ALICE}`,
    'x-forwarded-for': `10.0.0.${Math.floor(Math.random() * 250)}`,
  }
  const call = request(url, { localAddress, headers, agent: false }, (response) => {
    status = response.statusCode ?? null
    response.on('data', (chunk) => {
      text += chunk
    })
    response.on('close', () => {
      isOver = true
    })
  })
  call.on('error', () => {})
  call.end()
  return {
    status: () => status,
    text: () => text,
    isOver: () => isOver,
    [Symbol.asyncDispose]: async () => void call.destroy(),
  }
}
