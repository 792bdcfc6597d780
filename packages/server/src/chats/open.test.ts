import { expect, test } from 'vitest'
import { testEngine, user } from '../testing/engine.ts'
import { findOwn } from './chat.ts'
import { open } from './open.ts'

test('twenty parallel first calls of one person make one chat', async () => {
  await using engine = await testEngine()
  const chats = await Promise.all(Array.from({ length: 20 }, () => open(engine, user('alice'))))
  expect(new Set(chats.map(({ id }) => id)).size).toBe(1)
  const rows = await engine.store.db.selectFrom('support_chats').select('id').execute()
  expect(rows).toHaveLength(1)
})

test('a user who is known already, but has no chat, gets one', async () => {
  await using engine = await testEngine()
  const first = await open(engine, user('alice'))
  await engine.store.db.deleteFrom('support_chats').where('id', '=', first.id).execute()
  const second = await open(engine, user('alice'))
  expect(second.id).not.toBe(first.id)
  expect(second.user_id).toBe(first.user_id)
})

test('an e-mail or name that changed in the host app is kept when the user comes by', async () => {
  await using engine = await testEngine()
  await open(engine, user('alice'))
  const renamed = { ...user('alice'), name: 'Alice B', email: 'b@example.com' }
  expect(await open(engine, renamed)).toMatchObject({ user_name: 'Alice B', user_email: 'b@example.com' })
  expect(await findOwn(engine.store, 'alice')).toMatchObject({ user_name: 'Alice B' })
})

test('a database that fails is told, not tried for ever', async () => {
  await using engine = await testEngine()
  const newId = () => {
    throw new Error('no ids today')
  }
  await expect(open({ ...engine, newId }, user('alice'))).rejects.toThrow('no ids today')
})
