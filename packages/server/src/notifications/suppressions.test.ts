import { expect, test } from 'vitest'
import { open } from '../chats/open.ts'
import { testEngine, user } from '../testing/engine.ts'
import { allowAgain, refusalOf, suppress } from './suppressions.ts'

test('the support team hears when an address is written to again, in the chat of everyone who has it, and of the same again nothing', async () => {
  await using engine = await testEngine()
  const { db } = engine.store
  const chats = [
    await open(engine, user('alice')),
    await open(engine, { ...user('alice-at-work'), email: 'Alice@Example.com' }),
  ]
  await open(engine, user('bob'))
  await open(engine, { ...user('visitor'), email: null })
  const at = '2026-01-29T10:00:00.000000Z'
  for (const address of ['alice@example.com', 'bob@example.com']) {
    await suppress(db, { address, detail: '550', at })
  }
  expect(await allowAgain(engine, 'ALICE@example.com')).toBe(true)
  expect(await allowAgain(engine, 'ALICE@example.com')).toBe(false)
  expect(await refusalOf(db, 'alice@example.com')).toBeNull()
  expect(await refusalOf(db, 'bob@example.com')).toMatchObject({ detail: '550' })
  expect(engine.events).toHaveLength(chats.length)
  expect(engine.events).toEqual(
    expect.arrayContaining(
      chats.map(({ id: chat_id }) => ({
        stream: 'admin_support_notifications',
        event: { type: 'user_mail_changed', chat_id },
      })),
    ),
  )
})
