import { expect, test } from 'vitest'
import { findOwn } from '../chats/chat.ts'
import { open } from '../chats/open.ts'
import { testEngine, user } from '../testing/engine.ts'
import { resubscribe, unsubscribe } from './unsubscribe.ts'

test('the support team hears when a user unsubscribes and when they come back, and of the same again nothing', async () => {
  await using engine = await testEngine()
  const { id: chat_id } = await open(engine, user('alice'))
  const alice = await findOwn(engine.store, 'alice')
  const heard = { stream: 'admin_support_notifications', event: { type: 'user_mail_changed', chat_id } }
  for (const _ of ['once', 'again']) await unsubscribe(engine, alice?.user_id ?? '')
  expect(engine.events).toEqual([heard])
  for (const _ of ['once', 'again']) await resubscribe(engine, alice?.user_id ?? '')
  expect(engine.events).toEqual([heard, heard])
})
