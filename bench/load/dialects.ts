import { randomUUID } from 'node:crypto'
import { ATTEMPT, ATTEMPT_DIGITS } from './template.ts'
import type { WireAddress } from './wire.ts'

/** What a server's frame means to the load. Attempts number a client's messages from 1. */
export interface Heard {
  confirmed(): void
  /** A stored message arrived on the chat's stream. */
  delivered(seq: number): void
  /** The server says that the attempt is done: stored, where it stores. */
  acknowledged(attempt: number): void
  /** A user's message arrived on the admins' stream. */
  notified(attempt: number): void
  refused(frame: string): void
}

/** Whom a connection speaks for: a user with their chat, or an admin. */
export type Part = { role: 'user'; token: string; chatId: string } | { role: 'admin'; token: string }

/** One wire protocol, as strings: how to arrive, to speak and to listen. */
export interface Dialect {
  address(port: number, part: Part): WireAddress
  /** The text of the part's messages, with `ATTEMPT` where the attempt's digits go. */
  messageText(chatId: string, content: string): string
  /** Understands one frame; what is to be answered goes to `reply`. */
  hear(frame: string, part: Part, heard: Heard, reply: (text: string) => void): void
}

export type DialectName = 'cable' | 'socket.io'

const chatIdentifier = (chatId: string) => JSON.stringify({ channel: 'SupportChatChannel', chat_id: chatId })
const adminIdentifier = JSON.stringify({ channel: 'AdminNotificationChannel' })

/**
 * Like the UUIDv7 of real clients: nobody else's, and later attempts sort after earlier ones, whoever made them. The
 * attempt's digits stand where the time would.
 */
const clientId = () => `${ATTEMPT}${randomUUID().slice(ATTEMPT_DIGITS)}`

// Action Cable v1. A sender's acknowledgement is the echo of its own client_id.
const cable: Dialect = {
  address: (port, part) => ({
    port,
    path: '/cable',
    headers: [`Sec-WebSocket-Protocol: actioncable-v1-json, deskbell-token.${part.token}`],
  }),
  messageText: (chatId, content) =>
    JSON.stringify({
      command: 'message',
      identifier: chatIdentifier(chatId),
      data: JSON.stringify({ action: 'send_message', content, client_id: clientId() }),
    }),
  hear(frame, part, heard, reply) {
    if (frame.startsWith('{"type":"ping"')) return
    if (frame.includes('"type":"new_message"')) {
      heard.delivered(seqIn(frame))
      heard.acknowledged(attemptIn(frame))
    } else if (frame.includes('"type":"new_user_message"')) heard.notified(attemptIn(frame))
    else if (frame.startsWith('{"type":"welcome"')) {
      const identifier = part.role === 'user' ? chatIdentifier(part.chatId) : adminIdentifier
      reply(JSON.stringify({ command: 'subscribe', identifier }))
    } else if (frame.includes('"type":"confirm_subscription"')) heard.confirmed()
    else if (!frame.includes('"type":"chat_updated"')) heard.refused(frame)
  },
}

// Socket.IO 4 over Engine.IO 4, WebSocket transport: `0` open, `2` ping, `40` connect, `42` event, `43` acknowledgement.
const socketIo: Dialect = {
  address: (port) => ({ port, path: '/socket.io/?EIO=4&transport=websocket', headers: [] }),
  messageText: (chatId, content) =>
    `42${ATTEMPT}${JSON.stringify(['chat message', chatId, content, clientId()])}`,
  hear(frame, part, heard, reply) {
    if (frame.startsWith('42["chat message"')) heard.delivered(seqIn(frame))
    else if (frame.startsWith('43')) {
      const attempt = Number.parseInt(frame.slice(2), 10)
      if (attempt === 0) heard.confirmed()
      else heard.acknowledged(attempt)
    } else if (frame.startsWith('42["new user message"')) heard.notified(attemptIn(frame))
    else if (frame === '2') reply('3')
    else if (frame.startsWith('0')) reply(`40${JSON.stringify({ user: part.token })}`)
    else if (frame.startsWith('40'))
      reply(`420${JSON.stringify(part.role === 'user' ? ['join', part.chatId] : ['watch'])}`)
    else heard.refused(frame)
  },
}

/** The dialects by name. */
export const DIALECTS: Record<DialectName, Dialect> = { cable, 'socket.io': socketIo }

function seqIn(frame: string): number {
  const at = frame.indexOf('"seq":')
  return at < 0 ? Number.NaN : Number.parseInt(frame.slice(at + 6, at + 18), 10)
}

const BEFORE_ATTEMPT = '"client_id":"'.length

function attemptIn(frame: string): number {
  const at = frame.indexOf('"client_id":"') + BEFORE_ATTEMPT
  return Number(frame.slice(at, at + ATTEMPT_DIGITS))
}
