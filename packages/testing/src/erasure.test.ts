import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import type {
  AdminSupportChat,
  Problem,
  SupportChat,
  SupportChatListItem,
  SupportMessage,
  VisitorToken,
} from '@deskbell/protocol'
import { memoryBus } from 'deskbell'
import { expect, test } from 'vitest'
import { CableClient } from './cable-client.ts'
import { startDesk, tokenOf } from './desk-process.ts'
import { type TestDesk, testDesk } from './test-desk.ts'
import { twinDesks } from './twin-desks.ts'
import { until } from './until.ts'

const CHANNEL = 'SupportChatChannel'

const post = (at: TestDesk, token: string, content: string, client_id: string) =>
  at.call(token, 'POST', '/support_chat/messages', { content, client_id })

async function history(at: TestDesk, token: string): Promise<SupportMessage[]> {
  const answer = await at.call(token, 'GET', '/support_chat/messages?after=0&limit=200')
  return (await answer.json()) as SupportMessage[]
}

async function rows(at: TestDesk): Promise<SupportChatListItem[]> {
  const answer = await at.call(at.token('sam', { role: 'admin' }), 'GET', '/admin/chats')
  return (await answer.json()) as SupportChatListItem[]
}

const rejections = (client: CableClient, identifier: string) =>
  client.events(identifier).filter((event) => event.type === 'message_rejected')

test('[P7] whoever is erased loses every socket and stream within 2 s, on every desk, and nobody else does', async () => {
  await using twins = await twinDesks(memoryBus())
  const [here, there] = twins.desks
  const chat_id = await here.openChat('alice')
  const alice = here.token('alice')
  await using one = await here.cable(alice)
  await using two = await there.cable(alice)
  await two.subscribe({ channel: CHANNEL, chat_id })
  const plainUrl = `ws://127.0.0.1:${there.port}/ws/chat?chat_id=${chat_id}&token=${alice}`
  await using plain = new CableClient(plainUrl, { protocols: [] })
  await until('the plain socket is open', () => plain.socket.readyState === plain.socket.OPEN)
  const streams = [here, there].map((at) => at.call(alice, 'GET', '/support_chat/events'))
  const ends = (await Promise.all(streams)).map((stream) => stream.text())
  await using bob = await there.cable(there.token('bob'))
  const bobs = await bob.subscribe({ channel: CHANNEL, chat_id: await there.openChat('bob') })
  await using sam = await there.cable(there.token('sam', { role: 'admin' }))
  const list = await sam.subscribe({ channel: 'AdminNotificationChannel' })

  const erasedAt = performance.now()
  expect(await here.desk.erase('alice')).toBe(true)
  await until('all sockets are closed', () => one.closed && two.closed && plain.closed, 2_000)
  await Promise.all(ends)
  expect(performance.now() - erasedAt, 'milliseconds until the last one was closed').toBeLessThan(2_000)
  expect([one.closed?.code, two.closed?.code, plain.closed?.code]).toEqual([1008, 1008, 1008])
  expect(one.talk.at(-1)).toEqual({ type: 'disconnect', reason: 'unauthorized', reconnect: false })

  await until('the admins hear of it', () => sam.events(list).length > 0)
  expect(sam.events(list)).toEqual([{ type: 'chat_removed', chat_id }])
  expect((await rows(there)).map(({ id }) => id)).not.toContain(chat_id)
  bob.perform(bobs, 'send_message', { content: 'I am still here' })
  await until('others go on', () => bob.events(bobs).length === 1)
})

test('[P7] whom an admin erases loses every socket and stream within 2 s, on every desk, and the admins hear of it', async () => {
  await using twins = await twinDesks(memoryBus())
  const [here, there] = twins.desks
  const chat_id = await here.openChat('alice')
  const admin = here.token('sam', { role: 'admin' })
  const chat = (await (await here.call(admin, 'GET', `/admin/chats/${chat_id}`)).json()) as AdminSupportChat
  await using one = await here.cable(here.token('alice'))
  await using two = await there.cable(here.token('alice'))
  const stream = await there.call(here.token('alice'), 'GET', '/support_chat/events')
  await using bob = await there.cable(there.token('bob'))
  await using sam = await there.cable(admin)
  const list = await sam.subscribe({ channel: 'AdminNotificationChannel' })

  const erasedAt = performance.now()
  const erased = await here.call(admin, 'DELETE', `/admin/users/${chat.user_id}`, { confirm: 'alice' })
  expect(erased.status).toBe(204)
  await until('all sockets are closed', () => one.closed && two.closed, 2_000)
  await stream.text()
  expect(performance.now() - erasedAt, 'milliseconds until the last one was closed').toBeLessThan(2_000)
  await until('the admins hear of it', () => sam.events(list).length > 0)
  expect(sam.events(list)).toEqual([{ type: 'chat_removed', chat_id }])
  expect(bob.closed).toBeFalsy()
})

test('an admin who is in a chat when it is erased is told that it is gone, and goes on working', async () => {
  await using at = await testDesk()
  const chat_id = await at.openChat('alice')
  const admin = at.token('sam', { role: 'admin' })
  await post(at, at.token('alice'), 'hello', 'a-1')
  await using sam = await at.cable(admin)
  const gone = await sam.subscribe({ channel: CHANNEL, chat_id })
  const other = await sam.subscribe({ channel: CHANNEL, chat_id: await at.openChat('bob') })
  await at.desk.erase('alice')

  sam.perform(gone, 'mark_viewed', { through: 1 })
  sam.perform(gone, 'mark_viewed')
  sam.perform(gone, 'send_message', { content: 'are you there?', client_id: 's-1' })
  await until('the reply is refused', () => rejections(sam, gone).length === 1)
  expect(rejections(sam, gone)[0]).toMatchObject({ client_id: 's-1', error: { code: 'not_found' } })
  const calls = [
    ['GET', ''],
    ['GET', '/messages'],
    ['POST', '/messages', { content: 'x' }],
    ['POST', '/archive'],
    ['POST', '/unarchive'],
    ['POST', '/viewed', {}],
    ['GET', '/events'],
  ] as const
  for (const [method, path, body] of calls) {
    const answer = await at.call(admin, method, `/admin/chats/${chat_id}${path}`, body)
    expect([method, path, answer.status]).toEqual([method, path, 404])
  }
  sam.perform(other, 'send_message', { content: 'and you?' })
  await until('other chats go on', () => sam.events(other).length === 1)
  // A client that asks for what it missed is sent back to the door, where the chat is not found.
  sam.perform(gone, 'sync', { after: 0 })
  await until('it is to come back', () => sam.closed)
  await using back = await at.cable(admin)
  await expect(back.subscribe({ channel: CHANNEL, chat_id })).rejects.toThrow('rejected')
})

test('[P3] a late retry of what was erased brings back neither chat nor message, by whatever way it comes', async () => {
  await using twins = await twinDesks(memoryBus())
  const [here, there] = twins.desks
  const alice = here.token('alice')
  const old = await here.openChat('alice')
  expect((await post(here, alice, 'my address', 'a-1')).status).toBe(201)
  await here.desk.erase('alice')

  for (const at of [here, there]) {
    const retried = await post(at, alice, 'my address', 'a-1')
    expect([retried.status, ((await retried.json()) as Problem).code]).toEqual([409, 'conflict'])
    await using back = await at.cable(alice)
    await expect(back.subscribe({ channel: CHANNEL, chat_id: old })).rejects.toThrow('rejected')
  }
  const summary = await there.call(alice, 'GET', '/support_chat/summary')
  expect(await summary.json()).toEqual({ exists: false, unread_count: 0 })
  expect(await rows(there)).toEqual([])

  const fresh = await post(there, alice, 'good morning', 'a-2')
  expect(await fresh.json()).toMatchObject({ seq: 1, content: 'good morning' })
  const chat_id = await here.openChat('alice')
  expect(chat_id).not.toBe(old)
  await using cable = await here.cable(alice)
  const chat = await cable.subscribe({ channel: CHANNEL, chat_id })
  await using plain = new CableClient(
    `ws://127.0.0.1:${there.port}/ws/chat?chat_id=${chat_id}&token=${alice}`,
    { protocols: [] },
  )
  await until('the plain socket is open', () => plain.socket.readyState === plain.socket.OPEN)
  plain.send({ action: 'send_message', content: 'my address', client_id: 'a-1' })
  await until('it is refused', () => plain.frames.some((event) => event.type === 'message_rejected'))
  cable.perform(chat, 'send_message', { content: 'my address', client_id: 'a-1' })
  for (let n = 1; n <= 50; n++) {
    const client_id = n % 3 === 0 ? {} : { client_id: `b-${n}` }
    cable.perform(chat, 'send_message', { content: `${n}`, ...client_id })
  }
  await until('the rest is stored', () => cable.events(chat).length === 51)
  expect(rejections(cable, chat)).toEqual([
    { type: 'message_rejected', client_id: 'a-1', error: { code: 'conflict', message: expect.any(String) } },
  ])
  const contents = (await history(there, alice)).map(({ content }) => content)
  expect(contents).toEqual(['good morning', ...Array.from({ length: 50 }, (_, index) => `${index + 1}`)])
})

test('[P3] an admin’s own erased message does not come back by the admins’ door', async () => {
  await using at = await testDesk()
  const sam = at.token('sam', { role: 'admin' })
  await at.call(sam, 'POST', '/support_chat/messages', { content: 'a note', client_id: 's-1' })
  await at.desk.erase('sam')
  const { id } = (await (await at.call(sam, 'GET', '/support_chat')).json()) as SupportChat
  const path = `/admin/chats/${id}/messages`
  expect((await at.call(sam, 'POST', path, { content: 'a note', client_id: 's-1' })).status).toBe(409)
  expect((await at.call(sam, 'POST', path, { content: 'a new one', client_id: 's-2' })).status).toBe(201)
  // In the chats of others an admin's ids are their own.
  const other = `/admin/chats/${await at.openChat('bob')}/messages`
  expect((await at.call(sam, 'POST', other, { content: 'a reply', client_id: 's-1' })).status).toBe(201)
})

test('a visitor can be erased, and so can nobody', async () => {
  await using at = await testDesk({ visitors: 'allow' })
  const { token } = (await (await at.call(null, 'POST', '/visitors')).json()) as VisitorToken
  const [, claims = ''] = token.split('.')
  const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string }
  expect(await at.desk.erase(sub)).toBe(false)
  await post(at, token, 'hello', 'v-1')
  await using socket = await at.cable(token)
  expect(await at.desk.erase(sub)).toBe(true)
  await until('the socket is closed', () => socket.closed, 2_000)
  expect((await post(at, token, 'hello', 'v-1')).status).toBe(409)
  expect(await rows(at)).toEqual([])
  expect(await at.desk.erase(sub)).toBe(false)
})

test('[P1] [P2] [P3] an erasure at the very moment of sends leaves no message without a chat, and answers everyone', async () => {
  await using twins = await twinDesks(memoryBus())
  const [here, there] = twins.desks
  for (let round = 1; round <= 25; round++) {
    const sub = `user-${round}`
    const token = here.token(sub)
    const chat_id = await here.openChat(sub)
    await using cable = await there.cable(token)
    const chat = await cable.subscribe({ channel: CHANNEL, chat_id })
    const send = async (at: TestDesk, id: string) => ({ id, status: (await post(at, token, id, id)).status })

    const first = ['p-1', 'p-2', 'p-3'].map((id) => send(here, id))
    for (const n of [1, 2, 3]) cable.perform(chat, 'send_message', { content: `c-${n}`, client_id: `c-${n}` })
    if (round % 2 === 0) await first[round % 3]
    const erasing = [here.desk.erase(sub), there.desk.erase(sub)]
    // New ones, and a retry of each that is under way.
    const second = ['p-4', 'p-5', 'p-1', 'p-2', 'p-3'].map((id, n) => send(n % 2 === 0 ? here : there, id))
    for (const n of [4, 5]) cable.perform(chat, 'send_message', { content: `c-${n}`, client_id: `c-${n}` })

    const answers = await Promise.all([...first, ...second])
    expect((await Promise.all(erasing)).filter(Boolean).length).toBeGreaterThan(0)
    await until('the socket is closed', () => cable.closed)
    for (const { status } of answers) expect([200, 201, 404, 409]).toContain(status)
    const stored = await history(here, token)
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1))
    const ids = stored.map(({ client_id }) => client_id)
    expect(ids).toEqual([...new Set(ids)])
    // Whatever was stored and is not there any more was erased, and stays so.
    const echoed: string[] = cable.events(chat).flatMap(({ message }) => message?.client_id ?? [])
    const acknowledged = answers.flatMap(({ id, status }) => (status < 300 ? [id] : []))
    for (const id of new Set([...echoed, ...acknowledged].filter((one) => !ids.includes(one)))) {
      expect([id, (await post(there, token, id, id)).status]).toEqual([id, 409])
    }
    expect(await history(there, token)).toEqual(stored)
  }
  const database = new DatabaseSync(twins.file, { readOnly: true })
  const strays = `select count(*) as count from support_messages where chat_id not in (select id from support_chats)
    union all select count(*) from support_chats where user_id not in (select id from support_users)`
  expect(
    database
      .prepare(strays)
      .all()
      .map(({ count }) => count),
  ).toEqual([0, 0])
  database.close()
})

const CLI = new URL('../../server/src/cli/main.ts', import.meta.url).href

test('whoever is erased from the command line can send nothing more to that chat over an open socket', {
  timeout: 40_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-erase-'))
  try {
    const databaseUrl = `sqlite:${join(folder, 'desk.db')}`
    await using desk = await startDesk({ databaseUrl })
    const alice = tokenOf('alice')
    const ask = (method: string, body?: object) =>
      fetch(`${desk.url}/api/support_chat${body === undefined ? '' : '/messages'}`, {
        method,
        headers: { authorization: `Bearer ${alice}` },
        ...(body && { body: JSON.stringify(body) }),
      })
    const { id: chat_id } = (await (await ask('GET')).json()) as SupportChat
    await using socket = await new CableClient(`${desk.cableUrl}?token=${alice}`).opened()
    const chat = await socket.subscribe({ channel: CHANNEL, chat_id })
    let sent = 0
    const send = () => {
      sent++
      socket.perform(chat, 'send_message', { content: `message ${sent}`, client_id: `a-${sent}` })
    }
    send()
    await until('the first is stored', () => socket.events(chat).length === 1)

    const script = `const { main } = await import(${JSON.stringify(CLI)})
      await main(['erase', '--id', 'alice', '--yes'])`
    const args = ['--conditions=source', '--input-type=module', '-e', script]
    const env = { PATH: process.env.PATH, DATABASE_URL: databaseUrl }
    const erasing = promisify(execFile)(process.execPath, args, { env })
    await until('a message is refused', () => {
      send()
      return rejections(socket, chat).length > 0
    })
    expect((await erasing).stdout).toContain('Erased "alice"')
    await until('each is answered', () => socket.events(chat).length === sent)
    const answers = socket.events(chat)
    const stored = answers.flatMap(({ message }) => message?.client_id ?? [])
    expect(stored).toEqual(stored.map((_, index) => `a-${index + 1}`))
    for (const { error } of answers.slice(stored.length)) expect(error).toMatchObject({ code: 'not_found' })

    expect((await ask('POST', { content: 'message 1', client_id: 'a-1' })).status).toBe(409)
    const fresh = await ask('POST', { content: 'hello again', client_id: 'b-1' })
    expect(await fresh.json()).toMatchObject({ seq: 1 })
    expect(socket.closed).toBeNull()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
