import type { AdminSupportChat, SupportUserExport } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { type HttpDesk, httpDesk } from '../testing/http-desk.ts'
import { MailServer } from '../testing/mail-server.ts'

async function userId(at: HttpDesk, chatId: string, sam: string): Promise<string> {
  const answer = await at.ask(`/admin/chats/${chatId}`, { token: sam })
  return ((await answer.json()) as AdminSupportChat).user_id
}

test('everything that is kept on a user comes as one file, however much it is, and nothing of others', async () => {
  await using at = await httpDesk()
  const sam = await at.token('sam', { role: 'admin' })
  const contents = Array.from({ length: 1_001 }, (_, index) => `message ${index + 1} “quoted”`)
  const chatId = await at.chat('alice', ...contents)
  await at.chat('bob', 'not in there')
  await at.ask(`/admin/chats/${chatId}/messages`, {
    method: 'POST',
    body: { content: 'a reply' },
    token: sam,
  })
  const id = await userId(at, chatId, sam)
  const answer = await at.ask(`/admin/users/${id}/export`, { token: sam })
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="deskbell-user-${id}.json"`)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const file = (await answer.json()) as SupportUserExport
  expect(file).toMatchObject({
    exported_at: new Date(at.clock.now()).toISOString(),
    user: { id, external_id: 'alice', email: 'alice@example.com', message_count: 1_002 },
    chat: { id: chatId, message_count: 1_002 },
  })
  expect(file.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_002 }, (_, index) => index + 1))
  expect(file.messages.map(({ content }) => content)).toEqual([...contents, 'a reply'])
})

test('whoever takes an export slowly makes the desk read no more than a page ahead', async () => {
  await using at = await httpDesk()
  const sam = await at.token('sam', { role: 'admin' })
  const chatId = await at.chat('alice', ...Array.from({ length: 600 }, () => 'x'))
  const answer = await at.ask(`/admin/users/${await userId(at, chatId, sam)}/export`, { token: sam })
  const reader = answer.body?.getReader()
  await reader?.read()
  const alice = await at.token('alice')
  await at.ask('/support_chat/messages', { method: 'POST', body: { content: 'the last word' }, token: alice })
  let rest = ''
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    rest += Buffer.from(next.value).toString()
  }
  expect(rest).toContain('the last word')
})

test('an export tells what became of each e-mail, and admins allow an address that refused one again', async () => {
  await using server = await MailServer.start()
  const mail = { mailUrl: server.url, mailFrom: 'support@fern.example', publicUrl: 'https://desk.example' }
  await using at = await httpDesk(mail)
  const [sam, alice] = [
    await at.token('sam', { role: 'admin' }),
    await at.token('alice', { locale: 'pt-BR' }),
  ]
  await at.ask('/support_chat', { token: alice })
  const chatId = await at.chat('alice', 'hello')
  const id = await userId(at, chatId, sam)
  const exported = async () =>
    (await (await at.ask(`/admin/users/${id}/export`, { token: sam })).json()) as SupportUserExport
  const decided = async () =>
    (await exported()).notifications.map(({ state, reason }) => `${state} ${reason}`)
  const replyAndWait = async () => {
    const draft = { method: 'POST', body: { content: 'hello!' }, token: sam }
    await at.ask(`/admin/chats/${chatId}/messages`, draft)
    at.clock.advance(300_000)
  }

  server.mode = '550'
  await replyAndWait()
  await expect.poll(decided, { timeout: 10_000 }).toEqual(['failed refused'])
  const { user, notifications } = await exported()
  expect(user).toMatchObject({ locale: 'pt-BR', unsubscribed_at: null })
  expect(user.mail_refusal?.detail).toContain('No such user here')
  expect(notifications).toMatchObject([{ from_seq: 2, through_seq: 2, address: 'alice@example.com' }])

  server.mode = 'normal'
  for (let time = 1; time <= 2; time++) {
    expect((await at.ask(`/admin/users/${id}/allow_mail`, { method: 'POST', token: sam })).status).toBe(204)
  }
  expect((await exported()).user.mail_refusal).toBeNull()
  await replyAndWait()
  await expect.poll(decided, { timeout: 10_000 }).toEqual(['failed refused', 'sent null'])

  await at.ask('/support_chat/notifications', { method: 'PATCH', body: { email: false }, token: alice })
  expect((await exported()).user.unsubscribed_at).toMatch(/^2026-01-29T10:10:00/)
})

test('someone who has only come by can be exported, with an empty chat', async () => {
  await using at = await httpDesk()
  const sam = await at.token('sam', { role: 'admin' })
  const id = await userId(at, await at.chat('alice'), sam)
  const answer = await at.ask(`/admin/users/${id}/export`, { token: sam })
  expect(await answer.json()).toMatchObject({ user: { id }, messages: [], notifications: [] })
})

test.each(['alice@example.com', ' ALICE@Example.com ', 'alice'])(
  'typing %s erases alice',
  async (confirm) => {
    await using at = await httpDesk()
    const sam = await at.token('sam', { role: 'admin' })
    const chatId = await at.chat('alice', 'my address')
    const id = await userId(at, chatId, sam)
    const remove = async () =>
      await at.ask(`/admin/users/${id}`, { method: 'DELETE', body: { confirm }, token: sam })
    expect((await remove()).status).toBe(204)
    expect((await at.ask(`/admin/chats/${chatId}`, { token: sam })).status).toBe(404)
    expect((await at.ask(`/admin/users/${id}/export`, { token: sam })).status).toBe(404)
    expect((await remove()).status).toBe(404)
  },
)

test('whoever types anything else erases nobody', async () => {
  await using at = await httpDesk()
  const sam = await at.token('sam', { role: 'admin' })
  const chatId = await at.chat('alice', 'my address')
  const id = await userId(at, chatId, sam)
  for (const confirm of ['', 'bob@example.com', 'ALICE', id, undefined]) {
    const answer = await at.ask(`/admin/users/${id}`, { method: 'DELETE', body: { confirm }, token: sam })
    expect(await answer.json()).toMatchObject({ status: 422, code: 'invalid' })
  }
  expect((await at.ask(`/admin/chats/${chatId}`, { token: sam })).status).toBe(200)
})
