import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SupportChat, SupportMessage } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { CableClient } from './cable-client.ts'
import { type DeskProcess, startDesk, tokenOf } from './desk-process.ts'
import { StoredLog } from './stored-log.ts'
import { until } from './until.ts'

const SOCKETS = 300
const SENDERS = 10
const RESTART = { type: 'disconnect', reason: 'server_restart', reconnect: true }

interface Place extends AsyncDisposable {
  readonly desk: DeskProcess
  readonly file: string
}

async function place(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-drain-'))
  const file = join(folder, 'desk.db')
  const desk = await startDesk({ databaseUrl: `sqlite:${file}` })
  return {
    desk,
    file,
    async [Symbol.asyncDispose]() {
      await desk[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function chatOf(desk: DeskProcess, sub: string): Promise<string> {
  const headers = { authorization: `Bearer ${tokenOf(sub)}` }
  const response = await fetch(`${desk.url}/api/support_chat`, { headers })
  return ((await response.json()) as SupportChat).id
}

const socket = (desk: DeskProcess, sub: string) =>
  new CableClient(`${desk.cableUrl}?token=${tokenOf(sub)}`).opened()

/** Whether the desk still takes connections. */
function isListening({ url }: DeskProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = connect(Number(new URL(url).port), '127.0.0.1')
    attempt.once('connect', () => resolve(true)).once('error', () => resolve(false))
    attempt.once('connect', () => attempt.destroy())
  })
}

/** Writes without pause, by cable or by POST, and notes what was acknowledged. */
async function write(desk: DeskProcess, sub: string, byPost: boolean) {
  const acknowledged = new Map<string, number>()
  const chat_id = await chatOf(desk, sub)
  const client = await socket(desk, sub)
  const chat = await client.subscribe({ channel: 'SupportChatChannel', chat_id })
  const send = () => {
    const draft = { content: `hello from ${sub}`, client_id: randomUUID() }
    if (byPost) void post(draft)
    else client.perform(chat, 'send_message', draft)
  }
  const post = async (draft: object) => {
    try {
      const headers = { authorization: `Bearer ${tokenOf(sub)}`, 'content-type': 'application/json' }
      const init = { method: 'POST', headers, body: JSON.stringify(draft) }
      const response = await fetch(`${desk.url}/api/support_chat/messages`, init)
      if (!response.ok) return
      const { client_id, seq } = (await response.json()) as SupportMessage
      acknowledged.set(client_id ?? '', seq)
      send()
    } catch {
      // It has stopped.
    }
  }
  client.socket.on('message', (data) => {
    const { message: event } = JSON.parse(String(data)) as { message?: { message?: SupportMessage } }
    if (event?.message === undefined || byPost) return
    acknowledged.set(event.message.client_id ?? '', event.message.seq)
    send()
  })
  for (let window = 0; window < 5; window++) send()
  return { client, chat_id, acknowledged }
}

test('[P1] [P4] SIGTERM under load: everyone is told to come back, spread over time, and nothing acknowledged is lost', async () => {
  await using at = await place()
  const { desk } = at
  const idle = await Promise.all(Array.from({ length: SOCKETS - SENDERS }, () => socket(desk, 'alice')))
  const writers = await Promise.all(
    Array.from({ length: SENDERS }, (_, index) => write(desk, `user-${index}`, index % 2 === 0)),
  )
  const toldAt: number[] = []
  const everyone = [...idle, ...writers.map(({ client }) => client)]
  for (const client of everyone) {
    client.socket.on('message', (data) => {
      if (String(data).includes('"disconnect"')) toldAt.push(performance.now())
    })
  }
  await until('everyone has written', () => writers.every(({ acknowledged }) => acknowledged.size > 10))

  const stoppedAt = performance.now()
  desk.kill('SIGTERM')
  await until('the first is told', () => toldAt.length > 0)
  expect(await isListening(desk)).toBe(false)
  expect(await desk.exited).toEqual({ code: 0, signal: null })
  expect(performance.now() - stoppedAt).toBeLessThan(10_000)

  await until('every socket is closed', () => everyone.every((client) => client.closed !== null))
  for (const client of everyone) expect(client.talk.at(-1)).toEqual(RESTART)
  expect(everyone.flatMap(({ frames }) => frames.filter(({ type }) => type === 'disconnect'))).toHaveLength(
    SOCKETS,
  )
  expectSpread(toldAt)

  using log = new StoredLog(at.file)
  log.expectConsistent()
  for (const { chat_id, acknowledged } of writers) {
    const stored = new Map(log.messages(chat_id).map(({ client_id, seq }) => [client_id, seq]))
    for (const [clientId, seq] of acknowledged) expect(stored.get(clientId)).toBe(seq)
    // What was stored without an answer is at most what was under way.
    expect(stored.size - acknowledged.size).toBeLessThanOrEqual(5)
  }
}, 40_000)

/** They are not all told at once, so they do not all come back at once. */
function expectSpread(toldAt: readonly number[]): void {
  const first = Math.min(...toldAt)
  expect(Math.max(...toldAt) - first).toBeGreaterThan(800)
  const slices = new Map<number, number>()
  for (const at of toldAt) {
    const slice = Math.floor((at - first) / 250)
    slices.set(slice, (slices.get(slice) ?? 0) + 1)
  }
  expect(Math.max(...slices.values())).toBeLessThan((toldAt.length * 2) / 3)
}

test('event streams and plain sockets end cleanly, and a desk with few people stops at once', async () => {
  await using at = await place()
  const { desk } = at
  const chatId = await chatOf(desk, 'alice')
  const token = tokenOf('alice')
  const streams = await Promise.all([
    fetch(`${desk.url}/api/support_chat/events?token=${token}`),
    fetch(`${desk.url}/api/admin/events?token=${tokenOf('sam', 'admin')}`),
  ])
  const plain = new CableClient(`${desk.url.replace('http', 'ws')}/ws/chat?chat_id=${chatId}&token=${token}`)
  await until('the plain socket is open', () => plain.socket.readyState === plain.socket.OPEN)
  await using alice = await socket(desk, 'alice')

  const stoppedAt = performance.now()
  desk.kill('SIGTERM')
  for (const stream of streams) expect(await stream.text()).toContain('retry:')
  await until('the sockets are closed', () => plain.closed !== null && alice.closed !== null)
  expect(plain.closed).toEqual({ code: 1012, reason: 'server_restart' })
  expect(alice.talk.at(-1)).toEqual(RESTART)
  expect(await desk.exited).toEqual({ code: 0, signal: null })
  expect(performance.now() - stoppedAt).toBeLessThan(2_000)
}, 30_000)

test('a desk without anyone stops at once, by SIGTERM as by Ctrl+C', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    await using at = await place()
    const stoppedAt = performance.now()
    at.desk.kill(signal)
    expect(await at.desk.exited).toEqual({ code: 0, signal: null })
    expect(performance.now() - stoppedAt).toBeLessThan(2_000)
  }
}, 30_000)
