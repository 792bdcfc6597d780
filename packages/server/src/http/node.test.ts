import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { type HttpDesk, httpDesk } from '../testing/http-desk.ts'
import { toNodeHandler } from './node.ts'

async function listening(
  listener: RequestListener,
): Promise<{ server: Server; url: string } & AsyncDisposable> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const bearer = async (at: HttpDesk, sub: string) => ({ authorization: `Bearer ${await at.token(sub)}` })

test('a bare server answers with the desk', async () => {
  await using at = await httpDesk()
  await using host = await listening(toNodeHandler(at.desk))
  const headers = await bearer(at, 'alice')
  const sent = await fetch(`${host.url}/api/support_chat/messages`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ content: 'hello 😀' }),
  })
  expect([sent.status, (await sent.json()).content]).toEqual([201, 'hello 😀'])
  const chat = await fetch(`${host.url}/api/support_chat`, { headers })
  expect(Number(chat.headers.get('content-length'))).toBe(Buffer.byteLength(await chat.text()))
})

test('a bare server refuses a body that is too large while it is still coming, and goes on', async () => {
  await using at = await httpDesk()
  await using host = await listening(toNodeHandler(at.desk))
  const headers = await bearer(at, 'alice')
  const url = `${host.url}/api/support_chat/messages`
  const chunks = (count: number) =>
    new ReadableStream({
      start(controller) {
        for (let i = 0; i < count; i++) controller.enqueue(new Uint8Array(16 * 1024).fill(0x20))
        controller.close()
      },
    })
  const init = { method: 'POST', headers, body: chunks(8), duplex: 'half' }
  expect((await fetch(url, init as RequestInit)).status).toBe(413)
  const announced = await fetch(url, { method: 'POST', headers, body: 'x'.repeat(70_000) })
  expect(announced.status).toBe(413)
  expect((await fetch(`${host.url}/api/support_chat`, { headers })).status).toBe(200)
})

test('whoever sends on for ever after their answer is cut off', async () => {
  await using at = await httpDesk()
  await using host = await listening(toNodeHandler(at.desk))
  const socket = connect(Number(new URL(host.url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write('POST /api/support_chat/messages HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n')
  const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`
  let sent = 0
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  const pour = (): void => {
    if (socket.destroyed) return
    sent += chunk.length
    if (socket.write(chunk)) setImmediate(pour)
    else socket.once('drain', pour)
  }
  pour()
  await closed
  expect(sent).toBeLessThan(64 * 1024 * 1024)
})

test('an event stream flows through a server, and ends on the desk when the reader hangs up', async () => {
  await using at = await httpDesk()
  await using host = await listening(toNodeHandler(at.desk))
  await at.chat('alice', 'one')
  const leave = new AbortController()
  const response = await fetch(`${host.url}/api/support_chat/events?token=${await at.token('alice')}`, {
    signal: leave.signal,
  })
  await at.chat('alice', 'two')
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes('"content":"two"')) text += (await reader?.read())?.value ?? ''
  expect(text).toMatch(/^retry: 2000\n\nid: 2\ndata: /)
  leave.abort()
  await expect
    .poll(async () => await (await at.ask('//metrics')).text())
    .toContain('deskbell_connections{kind="events"} 0')
})

test('a request with a nonsensical host or address is answered', async () => {
  await using at = await httpDesk()
  await using host = await listening(toNodeHandler(at.desk))
  const answers = []
  for (const head of [
    'GET //evil/api HTTP/1.1\r\nhost: a b',
    'GET http://x/healthz HTTP/1.1\r\nhost: :::',
    'OPTIONS * HTTP/1.1\r\nhost: x',
  ]) {
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1')
    socket.write(`${head}\r\nconnection: close\r\n\r\n`)
    answers.push(String(await new Promise((resolve) => socket.once('data', resolve))).split('\r\n')[0])
    socket.destroy()
  }
  expect(answers).toEqual(Array(3).fill('HTTP/1.1 404 Not Found'))
})
