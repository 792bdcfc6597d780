import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ActionCable } from '../../server/src/cable/action-cable.ts'
import { ChatChannel } from '../../server/src/cable/chat-channel.ts'
import { CableClient } from './cable-client.ts'
import { type TestDesk, testDesk } from './test-desk.ts'
import { signToken } from './token.ts'
import { until } from './until.ts'

type Chats = 'own' | 'foreign' | 'missing'
/** What comes of an attempt: turned away at the door, at the subscription, at the action; or done. */
type Outcome = 'closed' | 'rejected' | 'ignored' | 'done'
type Row = Record<Chats, Outcome>

const everywhere = (outcome: Outcome): Row => ({ own: outcome, foreign: outcome, missing: outcome })
const ownOnly = (outcome: Outcome): Row => ({ own: outcome, foreign: 'rejected', missing: 'rejected' })
const anyChat = (own: Outcome, foreign: Outcome): Row => ({ own, foreign, missing: 'rejected' })

const CALLERS = [
  'nobody',
  'visitor',
  'user',
  'other user',
  'admin',
  'expired',
  'forged',
  'wrong algorithm',
] as const
type Caller = (typeof CALLERS)[number]

/** Whoever the desk does not know gets no further than the door, whatever they ask for. */
const strangers = {
  nobody: everywhere('closed'),
  expired: everywhere('closed'),
  forged: everywhere('closed'),
  'wrong algorithm': everywhere('closed'),
}
/** A user has the own chat; the other user is the one whom every chat of the table belongs to but their own. */
const members = (own: Outcome) => ({
  visitor: ownOnly(own),
  user: ownOnly(own),
  'other user': everywhere('rejected'),
})

/** One row for each action of a chat, by who performs it and on whose chat. An admin's own chat is one they have as a user. */
const CHAT_ACTIONS: Record<string, Record<Caller, Row>> = {
  send_message: { ...strangers, ...members('done'), admin: anyChat('done', 'done') },
  mark_read: { ...strangers, ...members('done'), admin: anyChat('done', 'ignored') },
  mark_viewed: { ...strangers, ...members('ignored'), admin: anyChat('done', 'done') },
  sync: { ...strangers, ...members('done'), admin: anyChat('done', 'done') },
  // Who looks at a chat is told to nobody; the e-mail that waits for it has tests of its own.
  look: { ...strangers, ...members('ignored'), admin: anyChat('ignored', 'ignored') },
}

/** Which actions each channel has; the stream of the admins has none. */
const CHANNELS: Record<string, Record<string, Record<Caller, Row>> | 'admins only'> = {
  SupportChatChannel: CHAT_ACTIONS,
  ChatChannel: CHAT_ACTIONS,
  AdminNotificationChannel: 'admins only',
}

const ACTION_DATA: Record<string, object> = {
  send_message: { content: 'from the table' },
  mark_read: { through: 2 },
  mark_viewed: { through: 2 },
  sync: { after: 0 },
  look: { visible: true },
}

/** What the admin who watches the chat, or the caller, sees of an action that was done. */
const TRACE: Record<string, RegExp> = {
  send_message: /"type":"new_message".*"content":"from the table"/,
  mark_read: /"type":"messages_read"/,
  mark_viewed: /"type":"messages_viewed"/,
  sync: /"type":"new_message".*"seq":1,/,
}

let at: TestDesk
let watcher: CableClient
let rounds = 0
beforeAll(async () => {
  at = await testDesk({ databaseUrl: 'sqlite::memory:', visitors: 'allow' })
})
// One that watched the chats of all tests would have more subscriptions than a socket may.
beforeEach(async () => {
  watcher = await at.cable(at.token('watcher', { role: 'admin' }))
})
afterEach(async () => {
  await watcher[Symbol.asyncDispose]()
})
afterAll(async () => {
  await at[Symbol.asyncDispose]()
})

test('[P7] every channel and every action has a row in the table', () => {
  expect(Object.keys(CHANNELS).sort()).toEqual([...ActionCable.channels.keys()].sort())
  expect(Object.keys(CHAT_ACTIONS).sort()).toEqual([...ChatChannel.actions.keys()].sort())
  for (const row of Object.values(CHAT_ACTIONS)) expect(Object.keys(row).sort()).toEqual([...CALLERS].sort())
  expect(Object.keys(ACTION_DATA)).toEqual(Object.keys(CHAT_ACTIONS))
})

/** A fresh chat with a word of each side, and its watcher. */
async function newChat(token: string): Promise<{ id: string; watched: string }> {
  const { id } = (await (await at.call(token, 'GET', '/support_chat')).json()) as { id: string }
  await at.call(token, 'POST', '/support_chat/messages', { content: 'from its owner' })
  const admin = at.token('watcher', { role: 'admin' })
  await at.call(admin, 'POST', `/admin/chats/${id}/messages`, { content: 'from support' })
  const watched = await watcher.subscribe({ channel: 'SupportChatChannel', chat_id: id })
  return { id, watched }
}

/** The caller's token, and that of the owner of their own chat. */
async function callerOf(kind: Caller): Promise<{ token: string | null; owner: string }> {
  const sub = `person-${++rounds}`
  const user = at.token(sub)
  const claims = { sub, email: `${sub}@example.com`, name: sub }
  switch (kind) {
    case 'nobody':
      return { token: null, owner: user }
    case 'visitor': {
      const { token } = (await (await at.call(null, 'POST', '/visitors')).json()) as { token: string }
      return { token, owner: token }
    }
    case 'user':
      return { token: user, owner: user }
    case 'other user':
      return { token: at.token(`other-${rounds}`), owner: user }
    case 'admin': {
      const token = at.token(sub, { role: 'admin' })
      return { token, owner: token }
    }
    case 'expired':
      return { token: at.token(sub, { exp: Math.floor(Date.now() / 1000) - 1 }), owner: user }
    case 'forged':
      return {
        token: signToken(claims, { secret: 'somebody else’s secret, 32 bytes or more' }),
        owner: user,
      }
    case 'wrong algorithm':
      return { token: signToken(claims, { alg: 'HS512' }), owner: user }
  }
}

interface Chat {
  id: string
  /** The watcher's subscription of it; a chat that is not there has none. */
  watched: string | null
}

interface Seen {
  outcome: Outcome
  /** Everything the caller got to see, byte for byte, with the chat's id blotted out. */
  transcript: string[]
}

/** Tries one thing as a caller would, and looks from both ends at what came of it. */
async function attempt(
  door: 'cable' | 'plain',
  token: string | null,
  identifier: string,
  chat: Chat,
  action: string | null,
): Promise<Seen> {
  const query = token === null ? '' : `token=${token}&`
  const path = door === 'cable' ? `/cable?${query}` : `/ws/chat?${query}chat_id=${chat.id}`
  await using client = new CableClient(`ws://127.0.0.1:${at.port}${path}`, {
    protocols: door === 'cable' ? ['actioncable-v1-json'] : [],
  })
  const texts: string[] = []
  client.socket.on('message', (data) => {
    if (!String(data).startsWith('{"type":"ping"')) texts.push(String(data))
  })
  const watchedFrom = watcher.frames.length
  const perform = (data: object) => {
    if (door === 'plain') client.send({ action, ...data })
    else client.send({ command: 'message', identifier, data: JSON.stringify({ action, ...data }) })
  }
  client.socket.on('open', () => {
    if (door === 'cable') client.send({ command: 'subscribe', identifier })
    if (action === null) return
    perform(ACTION_DATA[action] ?? {})
    // What the action does shows before what a refused message of the same subscription does.
    perform({ ...ACTION_DATA[action], action: 'send_message', content: 'x'.repeat(10_001) })
  })
  const answered = () => texts.some((text) => /_subscription"}$/.test(text))
  await until('it is answered', () => client.closed ?? (door === 'cable' ? answered() : texts.length > 0))
  const isRejected = texts.some((text) => text.endsWith('"reject_subscription"}'))
  const isIn = client.closed === null && !isRejected
  if (isIn && action !== null) {
    await until('the end is heard', () => texts.some((text) => text.includes('"message_rejected"')))
  }
  // Another message of the chat, by another door: whatever was done before it has been told before it.
  if (chat.watched !== null) {
    const admin = at.token('watcher', { role: 'admin' })
    await at.call(admin, 'POST', `/admin/chats/${chat.id}/messages`, { content: 'the end' })
    const theEnd = () =>
      watcher.events(chat.watched ?? '').some(({ message }) => message?.content === 'the end')
    await until('the watcher hears the end', theEnd)
  }
  const watched = watcher.frames.slice(watchedFrom).filter((frame) => frame.identifier === chat.watched)
  const traces = action === 'sync' ? texts : watched.map((frame) => JSON.stringify(frame))
  const isDone = action === null ? isIn : traces.some((text) => TRACE[action]?.test(text))
  const transcript = [...texts, `closed: ${JSON.stringify(client.closed)}`]
  return {
    outcome: isDone ? 'done' : isIn ? 'ignored' : isRejected ? 'rejected' : 'closed',
    transcript: transcript.map((text) => text.replaceAll(chat.id, '<the chat>')),
  }
}

/** The three chats of a caller. The missing one is an id that no chat has. */
async function chatsFor(owner: string) {
  const [own, foreign] = await Promise.all([newChat(owner), newChat(at.token(`stranger-${++rounds}`))])
  return { own, foreign, missing: { id: crypto.randomUUID(), watched: null } }
}

async function onEach(chats: Record<Chats, Chat>, tryOn: (chat: Chat) => Promise<Seen>) {
  const [own, foreign, missing] = await Promise.all([chats.own, chats.foreign, chats.missing].map(tryOn))
  if (!own || !foreign || !missing) throw new Error('an attempt is missing')
  return { own, foreign, missing }
}

const outcomes = (seen: Record<Chats, Seen>) => ({
  own: seen.own.outcome,
  foreign: seen.foreign.outcome,
  missing: seen.missing.outcome,
})

for (const [channel, actions] of Object.entries(CHANNELS)) {
  if (actions === 'admins only') continue
  describe.each(Object.keys(actions))(`${channel}, %s`, (action) => {
    test.each(CALLERS)('[P7] %s gets what the table says, and foreign looks like missing', async (caller) => {
      const { token, owner } = await callerOf(caller)
      const chats = await chatsFor(owner)
      const tryOn = (chat: Chat) =>
        attempt('cable', token, JSON.stringify({ channel, chat_id: chat.id }), chat, action)
      const seen = await onEach(chats, tryOn)
      expect(outcomes(seen)).toEqual(actions[action]?.[caller])
      if (caller !== 'admin') expect(seen.foreign.transcript).toEqual(seen.missing.transcript)
    })
  })
}

describe.each(Object.keys(CHAT_ACTIONS))('the plain socket, %s', (action) => {
  test.each(CALLERS)('[P7] %s gets what the table says, and foreign looks like missing', async (caller) => {
    const { token, owner } = await callerOf(caller)
    const chats = await chatsFor(owner)
    const seen = await onEach(chats, (chat) => attempt('plain', token, '', chat, action))
    // A plain socket has one subscription, so being rejected closes it.
    const row = Object.entries(CHAT_ACTIONS[action]?.[caller] ?? {})
    expect(outcomes(seen)).toEqual(
      Object.fromEntries(row.map(([whose, outcome]) => [whose, outcome === 'rejected' ? 'closed' : outcome])),
    )
    if (caller !== 'admin') expect(seen.foreign.transcript).toEqual(seen.missing.transcript)
  })
})

const ADMIN_STREAM: Record<Caller, Outcome> = {
  nobody: 'closed',
  visitor: 'rejected',
  user: 'rejected',
  'other user': 'rejected',
  admin: 'done',
  expired: 'closed',
  forged: 'closed',
  'wrong algorithm': 'closed',
}

test.each(CALLERS)('[P7] %s gets what the table says of the admins’ stream', async (caller) => {
  const { token, owner } = await callerOf(caller)
  const chat = await newChat(owner)
  const identifier = '{"channel":"AdminNotificationChannel"}'
  const seen = await attempt('cable', token, identifier, chat, null)
  expect(seen.outcome).toBe(ADMIN_STREAM[caller])
  // Not a word of what happened in the chat meanwhile.
  if (caller !== 'admin') expect(seen.transcript.join('\n')).not.toMatch(/"message":|<the chat>/)
})
