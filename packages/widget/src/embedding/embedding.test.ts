// @vitest-environment happy-dom

import { settled } from '@deskbell/client/testing'
import { expect, test, vi } from 'vitest'
import { Embedding } from './embedding.ts'
import type { EmbeddingOptions } from './options.ts'
import { NOTHING, PageDesk } from './testing/page-desk.ts'

const tokenOf = (sub: string) => `head.${btoa(JSON.stringify({ sub }))}.signature`
const ALICE: EmbeddingOptions = { desk: 'https://desk.test', token: tokenOf('alice') }

const textsOf = (embedding: Embedding) => embedding.getState().messages.map(({ content }) => content)

test('an app reads and writes the chat of its user, and nothing is left when it ends', async () => {
  using desk = new PageDesk()
  const embedding = new Embedding(ALICE)
  expect(embedding.getState()).toMatchObject({ chat: null, loading: true, connected: false })
  const end = embedding.start()
  await desk.until(() => embedding.getState().connected)
  expect(embedding.getState()).toMatchObject({ chat: { id: 'chat-1' }, loading: false, unreadCount: 0 })

  desk.reply('Hi Alice')
  await desk.until(() => embedding.getState().unreadCount === 1)
  embedding.verbs.markAsRead()
  expect(embedding.getState().unreadCount).toBe(0)
  embedding.verbs.sendMessage('Hello')
  await desk.until(() => desk.log.length === 2)
  expect(textsOf(embedding)).toEqual(['Hi Alice', 'Hello'])

  end()
  expect(embedding.getState()).toMatchObject({ chat: null, messages: [] })
  expect(await desk.left()).toEqual(NOTHING)
})

test('what is started for a rehearsal and ended at once asks nobody for anything', async () => {
  using desk = new PageDesk()
  const token = vi.fn(() => tokenOf('alice'))
  const embedding = new Embedding({ ...ALICE, token })
  embedding.start()()
  await settled()
  expect(token).not.toHaveBeenCalled()
  expect(desk.calls).toEqual([])

  const end = embedding.start()
  await desk.until(() => embedding.getState().connected)
  expect(desk.sockets).toHaveLength(1)
  end()
  expect(await desk.left()).toEqual(NOTHING)
})

test('[P1] what an app sends before the chat begins is not lost', async () => {
  using desk = new PageDesk()
  const embedding = new Embedding(ALICE)
  embedding.verbs.sendMessage('Hello')
  const end = embedding.start()
  await desk.until(() => desk.log.length === 1)
  end()
  expect(embedding.verbs.sendMessage('Too late')).toBe('')
  expect(await desk.left()).toEqual(NOTHING)
})

test('[P7] another user has another conversation, and sees nothing of the first', async () => {
  using desk = new PageDesk()
  const embedding = new Embedding(ALICE)
  const end = embedding.start()
  desk.reply('Hi Alice')
  await desk.until(() => embedding.getState().connected)
  embedding.update({ ...ALICE, token: tokenOf('bob') })
  expect(embedding.getState()).toMatchObject({ chat: null, messages: [] })
  expect(desk.sockets.map(({ readyState }) => readyState)).toEqual([3])
  await desk.until(() => embedding.getState().connected)
  expect(desk.sockets.map(({ token }) => token)).toEqual([ALICE.token, tokenOf('bob')])
  end()
})

test('a function that gives tokens may be a new one each time, and the newest one is asked', async () => {
  using desk = new PageDesk()
  const embedding = new Embedding({ ...ALICE, token: () => 'an old one' })
  const end = embedding.start()
  embedding.update({ ...ALICE, token: () => tokenOf('alice') })
  await desk.until(() => embedding.getState().connected)
  embedding.update({ ...ALICE, token: () => tokenOf('alice') })
  expect(embedding.getState().connected).toBe(true)
  expect(desk.sockets.map(({ token }) => token)).toEqual([tokenOf('alice')])
  end()
})

test('signing out leaves no trace on the machine, and the next user begins anew', async () => {
  using desk = new PageDesk()
  const embedding = new Embedding(ALICE)
  const end = embedding.start()
  await desk.until(() => embedding.getState().connected)
  desk.isUp = false
  desk.cut()
  embedding.verbs.sendMessage('Not sent yet')
  expect(localStorage.length).toBeGreaterThan(0)
  embedding.verbs.logout()
  expect(localStorage.length).toBe(0)
  expect(await desk.left()).toEqual(NOTHING)
  expect(embedding.getState()).toMatchObject({ chat: null, messages: [] })

  desk.isUp = true
  embedding.update({ ...ALICE, token: tokenOf('bob') })
  await desk.until(() => embedding.getState().connected)
  expect(desk.log).toEqual([])
  end()
})
