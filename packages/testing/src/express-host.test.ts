import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDesk, type Desk, type DeskOptions, type HostPerson, toNodeHandler } from 'deskbell'
import express from 'express'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { signToken, TEST_SECRET } from './token.ts'

async function memoryDesk(options: DeskOptions): Promise<{ desk: Desk } & AsyncDisposable> {
  const desk = createDesk({ databaseUrl: 'sqlite::memory:', logLevel: 'silent', ...options })
  await desk.ready
  return { desk, [Symbol.asyncDispose]: () => desk.close() }
}

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

/** An Express app with sessions of its own, as hosts have them. */
function expressHost(sessions: Map<string, HostPerson>) {
  const app = express()
  app.use(express.json())
  app.post('/login/:id', (request, response) => {
    const { id } = request.params
    sessions.set(`session-of-${id}`, { id, email: `${id}@example.com`, name: id })
    response.cookie('sid', `session-of-${id}`, { httpOnly: true }).json({ ok: true })
  })
  return app
}

const sessionOf = (sessions: Map<string, HostPerson>) => (request: Request) =>
  sessions.get(/sid=([^;]+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? '') ?? null

test('inside Express the host’s session says who calls, behind its body parser and below a prefix', async () => {
  const sessions = new Map<string, HostPerson>()
  await using at = await memoryDesk({ identify: sessionOf(sessions) })
  const app = expressHost(sessions)
  app.use('/support', toNodeHandler(at.desk))
  app.get('/own', (_request, response) => void response.json({ own: true }))
  await using host = await listening(app)

  const login = await fetch(`${host.url}/login/ann`, { method: 'POST' })
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  const headers = { cookie, origin: host.url, 'content-type': 'application/json' }
  for (const content of ['one', 'two', 'three']) {
    const body = JSON.stringify({ content })
    const sent = await fetch(`${host.url}/support/support_chat/messages`, { method: 'POST', headers, body })
    expect([sent.status, (await sent.json()).sender_name]).toEqual([201, 'ann'])
  }
  const page = await fetch(`${host.url}/support/support-chat/messages?after=0&limit=2`, { headers })
  expect(page.headers.get('link')).toBe('</support/support_chat/messages?after=2&limit=2>; rel="next"')
  expect(await page.json()).toHaveLength(2)
  const document = await (await fetch(`${host.url}/support/openapi.json`)).json()
  expect(document.servers).toEqual([{ url: '/support' }])

  const foreign = { cookie, origin: 'https://evil.example', 'content-type': 'application/json' }
  expect((await fetch(`${host.url}/support/support_chat`, { headers: foreign })).status).toBe(401)
  expect((await fetch(`${host.url}/support/support_chat`)).status).toBe(401)
  expect(await (await fetch(`${host.url}/own`)).json()).toEqual({ own: true })
})

test('a desk that knows its base path may be mounted at it, above it or at the root', async () => {
  await using at = await memoryDesk({ basePath: '/help/chat', secret: TEST_SECRET })
  const token = signToken({ sub: 'alice', email: 'alice@example.com', name: 'Alice' })
  const headers = { authorization: `Bearer ${token}` }
  for (const mount of ['/help/chat', '/help', '/']) {
    const app = express()
    app.use(mount, toNodeHandler(at.desk))
    await using host = await listening(app)
    expect([mount, (await fetch(`${host.url}/help/chat/support_chat`, { headers })).status]).toEqual([
      mount,
      200,
    ])
  }
})

test('the desk’s sockets live beside the host’s own upgrade handler', async () => {
  const sessions = new Map<string, HostPerson>([['session-of-ann', { id: 'ann' }]])
  await using at = await memoryDesk({ identify: sessionOf(sessions) })
  const app = expressHost(sessions)
  app.use('/support', toNodeHandler(at.desk))
  await using host = await listening(app)
  const own = new WebSocketServer({ noServer: true })
  host.server.on('upgrade', (request, socket, head) => {
    if (request.url === '/hot-reload') own.handleUpgrade(request, socket, head, (ws) => ws.send('host'))
  })
  at.desk.attach(host.server, { path: '/support' })

  const first = async (path: string, headers: Record<string, string>): Promise<string> => {
    const socket = new WebSocket(host.url.replace('http', 'ws') + path, ['actioncable-v1-json'], { headers })
    const said = await new Promise((resolve, reject) => {
      socket.once('message', (data) => resolve(String(data)))
      socket.once('error', reject)
    })
    socket.terminate()
    return String(said)
  }
  const cookie = 'sid=session-of-ann'
  expect(await first('/support/cable', { cookie, origin: host.url })).toBe('{"type":"welcome"}')
  expect(await first('/support/cable', { cookie })).toContain('"unauthorized"')
  expect(await first('/hot-reload', {})).toBe('host')
})
