/**
 * A support chat as Socket.IO's own documentation teaches it (tutorial "Chat application", steps 4–8, and "Rooms"):
 * Express for the pages, one room per chat, connection state recovery, a client offset that makes retries harmless,
 * an acknowledgement after the insert. Made durable: one SQLite transaction per message, WAL, synchronous=FULL.
 */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import express from 'express'
import { Server } from 'socket.io'

const db = new DatabaseSync(join(process.env.BENCH_FOLDER ?? '.', 'chat.db'))
db.exec(`
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS chats (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL UNIQUE, last_seq INTEGER NOT NULL DEFAULT 0, last_message_at TEXT
  );
  CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY, chat_id TEXT NOT NULL REFERENCES chats (id), seq INTEGER NOT NULL,
    client_offset TEXT NOT NULL, content TEXT NOT NULL, sender TEXT NOT NULL, created_at TEXT NOT NULL,
    UNIQUE (chat_id, seq), UNIQUE (chat_id, client_offset)
  );
`)
const addChat = db.prepare('INSERT OR IGNORE INTO chats (id, user_id) VALUES (?, ?)')
const chatOf = db.prepare('SELECT id FROM chats WHERE user_id = ?')
const repeated = db.prepare('SELECT seq FROM messages WHERE chat_id = ? AND client_offset = ?')
const headOf = db.prepare('SELECT last_seq FROM chats WHERE id = ?')
const advance = db.prepare('UPDATE chats SET last_seq = ?, last_message_at = ? WHERE id = ?')
const insert = db.prepare(
  'INSERT INTO messages (id, chat_id, seq, client_offset, content, sender, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
)
const missed = db.prepare('SELECT * FROM messages WHERE chat_id = ? AND seq > ? ORDER BY seq')

const app = express()
const server = createServer(app)
const io = new Server(server, { connectionStateRecovery: {} })

app.get('/api/support_chat', (request, response) => {
  const user = (request.headers.authorization ?? '').replace('Bearer ', '')
  addChat.run(randomUUID(), user)
  response.json(chatOf.get(user))
})

io.on('connection', (socket) => {
  const user = String(socket.handshake.auth.user)

  socket.on('join', (chatId: string, callback: () => void) => {
    void socket.join(`chat:${chatId}`)
    if (!socket.recovered) {
      const offset = Number(socket.handshake.auth.serverOffset ?? 0)
      for (const row of missed.iterate(chatId, offset)) socket.emit('chat message', row)
    }
    callback()
  })

  socket.on('watch', (callback: () => void) => {
    void socket.join('admins')
    callback()
  })

  socket.on(
    'chat message',
    (chatId: string, content: string, clientOffset: string, callback: (seq: number) => void) => {
      const known = repeated.get(chatId, clientOffset)
      if (known !== undefined) return callback(Number(known.seq))
      const message = store(chatId, user, content, clientOffset)
      io.to(`chat:${chatId}`).emit('chat message', message)
      io.to('admins').emit('new user message', { chat_id: chatId, user, message })
      callback(message.seq)
    },
  )
})

server.listen(Number(process.env.PORT), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))

function store(chatId: string, sender: string, content: string, clientOffset: string) {
  const id = randomUUID()
  const createdAt = new Date().toISOString()
  db.exec('BEGIN IMMEDIATE')
  try {
    const seq = Number(headOf.get(chatId)?.last_seq) + 1
    insert.run(id, chatId, seq, clientOffset, content, sender, createdAt)
    advance.run(seq, createdAt, chatId)
    db.exec('COMMIT')
    return { id, seq, client_id: clientOffset, content, sender, created_at: createdAt }
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}
