/**
 * The same chat as in `socket-io.ts`, on PostgreSQL by `pg`: a transaction per message on a connection of the pool, and
 * with a `BUS_URL` the Redis adapter, as Socket.IO's documentation has it for several nodes.
 */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { createAdapter } from '@socket.io/redis-adapter'
import express from 'express'
import { Redis } from 'ioredis'
import pg from 'pg'
import { Server } from 'socket.io'

const TABLES = `
  CREATE TABLE IF NOT EXISTS chats (
    id UUID PRIMARY KEY, user_id TEXT NOT NULL UNIQUE, last_seq INTEGER NOT NULL DEFAULT 0, last_message_at TIMESTAMPTZ
  );
  CREATE TABLE IF NOT EXISTS messages (
    id UUID PRIMARY KEY, chat_id UUID NOT NULL REFERENCES chats (id), seq INTEGER NOT NULL,
    client_offset TEXT NOT NULL, content TEXT NOT NULL, sender TEXT NOT NULL, created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (chat_id, seq), UNIQUE (chat_id, client_offset)
  );
`
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
// Nodes that start at once must not make the tables at once.
await pool.query(`BEGIN; SELECT pg_advisory_xact_lock(1); ${TABLES} COMMIT;`)

const app = express()
const server = createServer(app)
const io = new Server(server, { ...adapter() })

app.get('/api/support_chat', async (request, response) => {
  const user = (request.headers.authorization ?? '').replace('Bearer ', '')
  await pool.query('INSERT INTO chats (id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    randomUUID(),
    user,
  ])
  const { rows } = await pool.query('SELECT id FROM chats WHERE user_id = $1', [user])
  response.json(rows[0])
})

io.on('connection', (socket) => {
  const user = String(socket.handshake.auth.user)

  socket.on('join', async (chatId: string, callback: () => void) => {
    await socket.join(`chat:${chatId}`)
    const offset = Number(socket.handshake.auth.serverOffset ?? 0)
    const missed = 'SELECT * FROM messages WHERE chat_id = $1 AND seq > $2 ORDER BY seq'
    for (const row of (await pool.query(missed, [chatId, offset])).rows) socket.emit('chat message', row)
    callback()
  })

  socket.on('watch', async (callback: () => void) => {
    await socket.join('admins')
    callback()
  })

  socket.on(
    'chat message',
    async (chatId: string, content: string, clientOffset: string, callback: (seq: number) => void) => {
      const message = await store(chatId, user, content, clientOffset)
      io.to(`chat:${chatId}`).emit('chat message', message)
      io.to('admins').emit('new user message', { chat_id: chatId, user, message })
      callback(message.seq)
    },
  )
})

server.listen(Number(process.env.PORT), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))

function adapter() {
  if (process.env.BUS_URL === undefined) return { connectionStateRecovery: {} } // which the Redis adapter has not
  const publisher = new Redis(process.env.BUS_URL)
  return { adapter: createAdapter(publisher, publisher.duplicate()) }
}

async function store(chatId: string, sender: string, content: string, clientOffset: string) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const advance =
      'UPDATE chats SET last_seq = last_seq + 1, last_message_at = $2 WHERE id = $1 RETURNING last_seq'
    const createdAt = new Date().toISOString()
    const seq: number = (await client.query(advance, [chatId, createdAt])).rows[0].last_seq
    const id = randomUUID()
    await client.query(
      'INSERT INTO messages (id, chat_id, seq, client_offset, content, sender, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [id, chatId, seq, clientOffset, content, sender, createdAt],
    )
    await client.query('COMMIT')
    return { id, seq, client_id: clientOffset, content, sender, created_at: createdAt }
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}
