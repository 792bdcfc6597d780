import type { SupportChat, SupportChatListItem, SupportMessage, VisitorToken } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { CableClient } from './cable-client.ts'
import { type TestDesk, testDesk } from './test-desk.ts'
import { until } from './until.ts'

const times = <T>(count: number, run: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)))

async function history(at: TestDesk, sub: string): Promise<SupportMessage[]> {
  const response = await at.call(at.token(sub), 'GET', '/support_chat/messages?after=0&limit=200')
  return (await response.json()) as SupportMessage[]
}

async function rowOf(at: TestDesk, chatId: string, archived: boolean) {
  const sam = at.token('sam', { role: 'admin' })
  const response = await at.call(sam, 'GET', `/admin/chats?archived=${archived}&limit=200`)
  return ((await response.json()) as SupportChatListItem[]).find(({ id }) => id === chatId)
}

const gapless = (messages: readonly SupportMessage[]) => messages.every(({ seq }, index) => seq === index + 1)

test('[P2] twenty parallel first calls of a new user make one chat', async () => {
  await using at = await testDesk()
  const alice = at.token('alice')
  const ids = await times(20, async (index) => {
    if (index % 2 === 0)
      return ((await (await at.call(alice, 'GET', '/support_chat')).json()) as SupportChat).id
    const sent = await at.call(alice, 'POST', '/support_chat/messages', { content: `${index}` })
    expect(sent.status).toBe(201)
    return at.openChat('alice')
  })
  expect(new Set(ids).size).toBe(1)
  const messages = await history(at, 'alice')
  expect(messages).toHaveLength(10)
  expect(gapless(messages)).toBe(true)
})

test('[P2] two tabs that send at the same time end with one order, the same in both', async () => {
  await using at = await testDesk()
  const chat_id = await at.openChat('alice')
  await using one = await at.cable(at.token('alice'))
  await using other = await at.cable(at.token('alice'))
  const params = { channel: 'SupportChatChannel', chat_id }
  const [chat, same] = [await one.subscribe(params), await other.subscribe(params)]
  for (let count = 1; count <= 100; count++) {
    one.perform(chat, 'send_message', { content: `one ${count}`, client_id: `one-${count}` })
    other.perform(same, 'send_message', { content: `other ${count}`, client_id: `other-${count}` })
  }
  await until('both have everything', () => one.events().length >= 200 && other.events().length >= 200)
  expect(one.events()).toEqual(other.events())
  const messages: SupportMessage[] = one.events().map(({ message }) => message)
  expect(messages).toEqual(await history(at, 'alice'))
  expect(gapless(messages)).toBe(true)
  for (const tab of ['one', 'other']) {
    const own = messages.filter(({ content }) => content.startsWith(`${tab} `))
    expect(own.map(({ content }) => content)).toEqual(own.map((_, index) => `${tab} ${index + 1}`))
  }
})

test('[P3] one client_id by cable, plain socket and POST at the same moment is one message', async () => {
  await using at = await testDesk()
  const chat_id = await at.openChat('alice')
  const alice = at.token('alice')
  await using cable = await at.cable(alice)
  const chat = await cable.subscribe({ channel: 'SupportChatChannel', chat_id })
  const plainUrl = `ws://127.0.0.1:${at.port}/ws/chat?chat_id=${chat_id}&token=${alice}`
  await using plain = new CableClient(plainUrl, { protocols: [] })
  await until('the plain socket is open', () => plain.socket.readyState === plain.socket.OPEN)
  for (let round = 1; round <= 20; round++) {
    const draft = { content: `round ${round}`, client_id: `c-${round}` }
    const posts = [1, 2, 3].map(() => at.call(alice, 'POST', '/support_chat/messages', draft))
    cable.perform(chat, 'send_message', draft)
    plain.send({ action: 'send_message', ...draft })
    const answers = await Promise.all(posts)
    expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(1)
    const stored = await Promise.all(answers.map(async (answer) => (await answer.json()) as SupportMessage))
    expect(new Set(stored.map(({ id }) => id)).size).toBe(1)
  }
  await until('the last round is told', () => cable.events(chat).length === 20)
  const messages = await history(at, 'alice')
  expect(messages.map(({ content }) => content)).toEqual(messages.map((_, index) => `round ${index + 1}`))
  expect(messages).toHaveLength(20)
})

test('[P5] reading at the same moment as replies covers what was there, and the count is exact', async () => {
  await using at = await testDesk()
  const chat_id = await at.openChat('alice')
  const [alice, sam] = [at.token('alice'), at.token('sam', { role: 'admin' })]
  for (let round = 0; round < 15; round++) {
    await Promise.all([
      at.call(sam, 'POST', `/admin/chats/${chat_id}/messages`, { content: 'a reply' }),
      at.call(alice, 'PATCH', '/support_chat/mark_read', {}),
      at.call(alice, 'POST', '/support_chat/messages', { content: 'a question' }),
      at.call(alice, 'PATCH', '/support_chat/mark_read', { through: round }),
      at.call(sam, 'POST', `/admin/chats/${chat_id}/messages`, { content: 'another reply' }),
    ])
  }
  const chat = (await (await at.call(alice, 'GET', '/support_chat')).json()) as SupportChat
  const replies = chat.messages.filter(({ sender_type }) => sender_type === 'admin')
  expect(replies).toHaveLength(30)
  expect(chat.unread_count).toBe(replies.filter(({ read_at }) => read_at === null).length)
  const isRead = replies.map(({ read_at }) => read_at !== null)
  expect(isRead).toEqual(isRead.toSorted((one, two) => Number(two) - Number(one)))
})

test('a user’s message and an archiving at the same moment: whichever came last decides', async () => {
  await using at = await testDesk()
  const chat_id = await at.openChat('alice')
  const [alice, sam] = [at.token('alice'), at.token('sam', { role: 'admin' })]
  await using dashboard = await at.cable(sam)
  const list = await dashboard.subscribe({ channel: 'AdminNotificationChannel' })
  for (let round = 1; round <= 20; round++) {
    const archiving = () => at.call(sam, 'POST', `/admin/chats/${chat_id}/archive`)
    const sending = () =>
      at.call(alice, 'POST', '/support_chat/messages', { content: 'hello?', client_id: `c-${round}` })
    await Promise.all(round % 2 === 0 ? [archiving(), sending()] : [sending(), archiving()])
    const active = await rowOf(at, chat_id, false)
    const archived = await rowOf(at, chat_id, true)
    expect([active, archived].filter((row) => row !== undefined)).toHaveLength(1)
    // The events come in the order of the commits, so the last one must tell the state that holds now.
    const row = active ?? archived
    await until('the list has heard of it', () => {
      const told = dashboard.events(list).flatMap(({ chat }) => (chat === undefined ? [] : [chat]))
      return told.at(-1)?.archived === row?.archived && told.at(-1)?.message_count === round
    })
    await at.call(alice, 'POST', '/support_chat/messages', { content: 'hello?', client_id: `c-${round}` })
    expect((await rowOf(at, chat_id, false))?.archived ?? true, 'a repeat restores nothing').toBe(
      row?.archived,
    )
  }
  await at.call(alice, 'POST', '/support_chat/messages', { content: 'still there?' })
  expect(await rowOf(at, chat_id, false)).toMatchObject({ archived: false, unread: true, message_count: 21 })
})

test('[P5] an admin who views while messages come in has not viewed what was not shown', async () => {
  await using at = await testDesk()
  const chat_id = await at.openChat('alice')
  const [alice, sam] = [at.token('alice'), at.token('sam', { role: 'admin' })]
  for (let round = 0; round < 20; round++) {
    const [answer] = await Promise.all([
      at.call(sam, 'GET', `/admin/chats/${chat_id}`),
      at.call(alice, 'POST', '/support_chat/messages', { content: `question ${round}` }),
    ])
    const { messages } = (await answer.json()) as { messages: SupportMessage[] }
    const shown = messages.at(-1)?.seq ?? 0
    expect((await rowOf(at, chat_id, false))?.unread).toBe(shown < round + 1)
  }
  await at.call(sam, 'GET', `/admin/chats/${chat_id}`)
  expect((await rowOf(at, chat_id, false))?.unread).toBe(false)
})

test('[P1] [P2] a visitor who signs in while sending loses nothing that was acknowledged', async () => {
  await using at = await testDesk({ visitors: 'allow' })
  const { token: guest } = (await (await at.call(null, 'POST', '/visitors')).json()) as VisitorToken
  const alice = at.token('alice')
  await at.call(guest, 'POST', '/support_chat/messages', { content: 'before' })
  await at.call(alice, 'POST', '/support_chat/messages', { content: 'long ago' })

  const acknowledged: string[] = []
  const send = async (who: string, content: string) => {
    const answer = await at.call(who, 'POST', '/support_chat/messages', { content, client_id: content })
    if (answer.ok) acknowledged.push(content)
    else expect(answer.status).toBe(404) // the visitor's chat went away under it: the client sends it again
  }
  const claim = () => at.call(alice, 'POST', '/support_chat/claim', { visitor_token: guest })
  await Promise.all([
    times(10, (index) => send(guest, `guest-${index}`)),
    times(3, claim),
    times(10, (index) => send(alice, `alice-${index}`)),
    times(10, (index) => send(guest, `more-${index}`)),
  ])
  expect((await claim()).status).toBe(204)

  const messages = await history(at, 'alice')
  expect(gapless(messages)).toBe(true)
  expect(messages.map(({ content }) => content).toSorted()).toEqual(
    [...acknowledged, 'before', 'long ago'].toSorted(),
  )
  const created = messages.map(({ created_at }) => created_at)
  expect(created).toEqual([...new Set(created)].toSorted())
})
