import { expect, test } from 'vitest'
import { testEngine, user } from '../testing/engine.ts'
import { inTurn } from '../testing/in-turn.ts'
import { findOwn } from './chat.ts'
import { claimVisitorChat } from './claim.ts'
import { leaveContact } from './contact.ts'
import { open } from './open.ts'

const guest = { ...user('visitor:1'), role: 'visitor' as const, email: null, name: null }

test('an address that a visitor leaves stands in the support team’s list at once', async () => {
  await using engine = await testEngine()
  await open(engine, guest)
  await leaveContact(engine, guest, { email: 'eve@example.com', name: 'Eve' })
  expect(await findOwn(engine.store, guest.id)).toMatchObject({
    user_email: 'eve@example.com',
    user_name: 'Eve',
  })
  expect(engine.events.map(({ event }) => event)).toMatchObject([
    { type: 'chat_updated', chat: { user_email: 'eve@example.com', user_name: 'Eve' } },
  ])
})

test('a visitor who mistyped their address leaves another one, and the same again is no news', async () => {
  await using engine = await testEngine()
  await open(engine, guest)
  await leaveContact(engine, guest, { email: 'eve@exmaple.com', name: 'Eve' })
  for (const _ of ['once', 'again']) await leaveContact(engine, guest, { email: 'eve@example.com' })
  expect(await findOwn(engine.store, guest.id)).toMatchObject({
    user_email: 'eve@example.com',
    user_name: 'Eve',
  })
  expect(engine.events).toHaveLength(2)
})

test('the address of someone who is signed in cannot be changed from a page', async () => {
  await using engine = await testEngine()
  const alice = user('alice')
  await open(engine, alice)
  for (const role of ['user', 'admin'] as const) {
    const leaving = leaveContact(engine, { ...alice, role }, { email: 'else@example.com' })
    await expect(leaving).rejects.toMatchObject({ code: 'forbidden' })
  }
  expect((await findOwn(engine.store, 'alice'))?.user_email).toBe('alice@example.com')
})

test('[P7] who signed in meanwhile keeps the address that the host knows', async () => {
  await using engine = await testEngine()
  const { id: chatId } = await open(engine, guest)
  const [, left] = await inTurn(
    engine,
    chatId,
    () => claimVisitorChat(engine, guest.id, user('alice')),
    () => leaveContact(engine, guest, { email: 'eve@example.com' }),
  )
  expect(left).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } })
  expect((await findOwn(engine.store, 'alice'))?.user_email).toBe('alice@example.com')
})

test('a visitor without a message leaves nothing behind', async () => {
  await using engine = await testEngine()
  await expect(leaveContact(engine, guest, { email: 'eve@example.com' })).rejects.toMatchObject({
    code: 'not_found',
  })
  expect(await engine.store.db.selectFrom('support_users').select('id').execute()).toEqual([])
})
