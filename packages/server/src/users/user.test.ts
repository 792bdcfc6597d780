import type { AdminSupportChat, SupportUser, Traits } from '@deskbell/protocol'
import { expect, test } from 'vitest'
import { type HttpDesk, httpDesk } from '../testing/http-desk.ts'

async function userOf(at: HttpDesk, chatId: string): Promise<SupportUser> {
  const sam = await at.token('sam', { role: 'admin' })
  const answer = await at.ask(`/admin/chats/${chatId}`, { token: sam })
  return ((await answer.json()) as AdminSupportChat).user
}

/** What a user's client does whenever the page is opened. */
async function comeBy(at: HttpDesk, traits?: Traits): Promise<string> {
  const token = await at.token('alice', traits === undefined ? {} : { traits })
  const { id } = (await (await at.ask('/support_chat', { token })).json()) as { id: string }
  return id
}

test('a chat tells admins who its user is, since when, and what the host knows of them', async () => {
  await using at = await httpDesk()
  const first_seen_at = new Date(at.clock.now()).toISOString().replace('Z', '000Z')
  const chatId = await comeBy(at, { plan: 'Pro', seats: 12, trial: false })
  at.clock.advance(86_400_000)
  await at.chat('alice', 'hello', 'anyone there?')
  expect(await userOf(at, chatId)).toEqual({
    id: expect.any(String),
    external_id: 'alice',
    email: 'alice@example.com',
    name: 'alice',
    is_visitor: false,
    first_seen_at,
    traits: { plan: 'Pro', seats: 12, trial: false },
    ...{ locale: null, unsubscribed_at: null, mail_refusal: null },
    message_count: 2,
  })
})

test('traits are those that the host told last; a token without any changes nothing', async () => {
  await using at = await httpDesk()
  const chatId = await comeBy(at)
  expect((await userOf(at, chatId)).traits).toEqual({})
  await comeBy(at, { plan: 'Free' })
  await comeBy(at, { plan: 'Pro' })
  await comeBy(at)
  expect((await userOf(at, chatId)).traits).toEqual({ plan: 'Pro' })
  await comeBy(at, {})
  expect((await userOf(at, chatId)).traits).toEqual({})
})

test('a host with sessions of its own tells traits with the person, and what does not fit costs nobody the chat', async () => {
  const traits = { plan: 'Pro', address: { city: 'Köln' } } as unknown as Traits
  await using at = await httpDesk({
    identify: ({ headers }) => (headers.has('authorization') ? null : { id: 'bob', traits }),
  })
  const { id } = (await (await at.ask('/support_chat')).json()) as { id: string }
  expect(await userOf(at, id)).toMatchObject({ external_id: 'bob', traits: { plan: 'Pro' } })
})

test('a visitor has no traits, until they turn out to be a user who has some', async () => {
  await using at = await httpDesk({ visitors: 'allow' })
  const { token } = (await (await at.ask('/visitors', { method: 'POST' })).json()) as { token: string }
  const { id } = (await (await at.ask('/support_chat', { token })).json()) as { id: string }
  expect(await userOf(at, id)).toMatchObject({ is_visitor: true, traits: {} })
  await at.ask('/support_chat/claim', {
    method: 'POST',
    body: { visitor_token: token },
    token: await at.token('alice', { traits: { plan: 'Pro' } }),
  })
  expect(await userOf(at, id)).toMatchObject({ is_visitor: false, traits: { plan: 'Pro' } })
})
