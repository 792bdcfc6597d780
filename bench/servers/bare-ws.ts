/**
 * The fastest peer one could hope for: the cable's frames by plain `ws`, nothing stored, nobody asked who they are.
 * Messages are answered with `send(string)`, encoded once per subscription identifier's stream.
 */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

interface Stream {
  seq: number
  subscribers: Set<WebSocket>
}

const PING_EVERY_MS = 3_000
const ADMIN_IDENTIFIER = JSON.stringify({ channel: 'AdminNotificationChannel' })
const streams = new Map<string, Stream>()
const userOf = new WeakMap<WebSocket, string>()

// A user's chat bears the user's name, which travels where a real token would.
const server = createServer((request, response) => {
  const user = (request.headers.authorization ?? '').replace('Bearer ', '')
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ id: user, messages: [], has_more: false, unread_count: 0 }))
})

const sockets = new WebSocketServer({
  server,
  path: '/cable',
  perMessageDeflate: false,
  handleProtocols: () => 'actioncable-v1-json',
})

sockets.on('connection', (socket) => {
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    const joined = userOf.get(socket)
    if (joined !== undefined) streams.get(joined)?.subscribers.delete(socket)
  })
  socket.on('message', (data) => receive(socket, data.toString()))
  socket.send('{"type":"welcome"}')
})

setInterval(() => {
  const ping = JSON.stringify({ type: 'ping', message: Math.floor(Date.now() / 1000) })
  for (const socket of sockets.clients) socket.send(ping)
}, PING_EVERY_MS)

server.listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 })
process.on('SIGTERM', () => process.exit(0))

function receive(socket: WebSocket, text: string) {
  const frame = JSON.parse(text) as { command: string; identifier: string; data: string }
  if (frame.command === 'subscribe') {
    streamOf(frame.identifier).subscribers.add(socket)
    userOf.set(socket, frame.identifier)
    socket.send(JSON.stringify({ identifier: frame.identifier, type: 'confirm_subscription' }))
    return
  }
  const action = JSON.parse(frame.data) as { content: string; client_id: string }
  const stream = streamOf(frame.identifier)
  const message = {
    id: randomUUID(),
    seq: ++stream.seq,
    client_id: action.client_id,
    content: action.content,
    sender_type: 'user',
    sender_name: 'Somebody',
    read_at: null,
    created_at: new Date().toISOString(),
  }
  publish(frame.identifier, { type: 'new_message', message })
  publish(ADMIN_IDENTIFIER, {
    type: 'new_user_message',
    chat_id: frame.identifier,
    user_email: null,
    message,
  })
}

function publish(identifier: string, message: object) {
  const { subscribers } = streamOf(identifier)
  if (subscribers.size === 0) return
  const frame = JSON.stringify({ identifier, message })
  for (const socket of subscribers) socket.send(frame)
}

function streamOf(identifier: string): Stream {
  let stream = streams.get(identifier)
  if (stream === undefined) {
    stream = { seq: 0, subscribers: new Set() }
    streams.set(identifier, stream)
  }
  return stream
}
