// @vitest-environment happy-dom

import { settled } from '@deskbell/client/testing'
import { expect, test } from 'vitest'
import { Embedding } from './embedding.ts'
import type { Look } from './options.ts'
import type { ChatElement } from './place.ts'
import { NOTHING, PageDesk } from './testing/page-desk.ts'

const ALICE = { desk: 'https://desk.test', token: 'alice' }

/** What the desk's script defines, as far as an embedding knows it. */
class Launcher extends HTMLElement implements ChatElement {
  settings: Look & { conversation?: unknown } = {}
  unreadCount = 0
  isOpen = false

  update(settings: Look & { conversation?: unknown }): void {
    Object.assign(this.settings, settings)
  }

  open(): void {
    this.isOpen = true
    this.dispatchEvent(new Event('deskbell:open'))
  }

  close(): void {
    this.isOpen = false
    this.dispatchEvent(new Event('deskbell:close'))
  }

  countUnread(count: number): void {
    this.unreadCount = count
  }

  destroy(): void {
    this.close()
    this.remove()
  }
}

const launcherOn = (page: Document) => page.querySelector<Launcher>('deskbell-chat')

test("the desk's script comes onto the page once, and is tried again when the network is back", async () => {
  using desk = new PageDesk()
  const embedding = new Embedding(ALICE)
  const end = embedding.start()
  embedding.place('deskbell-panel', document.body)
  embedding.place('deskbell-panel', document.body)
  await settled()
  const [script, ...more] = document.scripts
  expect(more).toEqual([])
  expect(script?.src).toBe('https://desk.test/widget.js')

  script?.dispatchEvent(new Event('error'))
  expect(document.scripts).toHaveLength(0)
  window.dispatchEvent(new Event('online'))
  expect(document.scripts).toHaveLength(1)
  end()
  expect(await desk.left()).toEqual(NOTHING)
})

test('the launcher shows the conversation and the look that the app has, and the app knows when it opens', async () => {
  using desk = new PageDesk()
  const embedding = new Embedding({ ...ALICE, accent: 'teal' })
  const takeAway = embedding.place('deskbell-chat', document.body)
  const end = embedding.start()
  embedding.verbs.open()
  await settled()
  customElements.define('deskbell-chat', Launcher)
  await desk.until(() => launcherOn(document) !== null)
  const launcher = launcherOn(document)
  expect(launcher?.settings.accent).toBe('teal')
  expect(launcher?.settings.conversation).toHaveProperty('send')
  expect(launcher?.isOpen).toBe(true)

  launcher?.close()
  expect(embedding.getState().isOpen).toBe(false)
  launcher?.open()
  expect(embedding.getState().isOpen).toBe(true)
  embedding.verbs.close()
  expect(launcher?.isOpen).toBe(false)

  desk.reply('Hi Alice')
  await desk.until(() => launcher?.unreadCount === 1)
  embedding.update({ ...ALICE, accent: 'plum' })
  expect(launcherOn(document) === launcher).toBe(true)
  expect(launcher?.settings.accent).toBe('plum')

  takeAway()
  expect(launcherOn(document) === null).toBe(true)
  end()
  expect(await desk.left()).toEqual(NOTHING)
})

test('[P7] another user has a launcher with another conversation, closed', async () => {
  using desk = new PageDesk()
  const embedding = new Embedding(ALICE)
  const end = embedding.start()
  embedding.place('deskbell-chat', document.body)
  await desk.until(() => launcherOn(document) !== null)
  const before = launcherOn(document)
  before?.open()
  embedding.update({ ...ALICE, token: 'bob' })
  await desk.until(() => launcherOn(document) !== null)
  const after = launcherOn(document)
  expect(after?.settings.conversation === before?.settings.conversation).toBe(false)
  expect(after?.isOpen).toBe(false)
  expect(await desk.left()).toMatchObject({ elements: 1 })
  end()
  expect(await desk.left()).toEqual(NOTHING)
})

test('someone whom the desk does not know by their cookie gets no launcher', async () => {
  using desk = new PageDesk()
  desk.acceptedTokens = new Set(['a session'])
  const embedding = new Embedding({ desk: 'https://desk.test' })
  const end = embedding.start()
  embedding.place('deskbell-chat', document.body)
  await desk.until(() => embedding.getState().error !== null)
  expect(embedding.getState()).toMatchObject({ loading: false, error: { code: 'unauthenticated' } })
  expect(launcherOn(document) === null).toBe(true)
  end()
})
