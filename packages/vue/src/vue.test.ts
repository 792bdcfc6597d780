// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest'
import { createApp, defineComponent, h, nextTick, reactive } from 'vue'
import { NOTHING, PageDesk } from '../../widget/src/embedding/testing/page-desk.ts'
import { DeskbellPlugin, SupportChat, useSupportChat } from './index.ts'

const tokenOf = (sub: string) => `head.${btoa(JSON.stringify({ sub }))}.signature`

const Help = defineComponent(() => {
  const { messages, unreadCount, loading, connected, sendMessage } = useSupportChat()
  const texts = () => messages.value.map(({ content }) => content).join(', ')
  const state = () =>
    `${unreadCount.value} unread, ${connected.value ? 'connected' : 'not connected'}: ${texts()}`
  return () => h('button', { onClick: () => sendMessage('Hello') }, loading.value ? 'loading' : state())
})

function mount(options: Parameters<typeof DeskbellPlugin.install>[1], children = () => [h(Help)]) {
  const container = document.createElement('div')
  const app = createApp(() => h('main', children())).use(DeskbellPlugin, options)
  app.mount(container)
  return { app, container, shows: (text: string) => () => container.textContent === text }
}

test('a component shows the chat as it is now, and writes into it', async () => {
  using desk = new PageDesk()
  const { app, container, shows } = mount({ desk: 'https://desk.test', token: tokenOf('alice') })
  expect(container.textContent).toBe('loading')
  await desk.until(shows('0 unread, connected: '))
  desk.reply('Hi Alice')
  await desk.until(shows('1 unread, connected: Hi Alice'))
  container.querySelector('button')?.click()
  await desk.until(shows('1 unread, connected: Hi Alice, Hello'))
  app.unmount()
})

test('an app has one conversation, and unmounting it leaves nothing behind', async () => {
  using desk = new PageDesk()
  const token = vi.fn(() => tokenOf('alice'))
  const page = () => [h(Help), h(Help), h(SupportChat)]
  const { app, container } = mount({ desk: 'https://desk.test', token }, page)
  await desk.until(() => container.textContent === '0 unread, connected: '.repeat(2))
  expect(token).toHaveBeenCalledOnce()
  expect(desk.sockets).toHaveLength(1)
  app.unmount()
  expect(await desk.left()).toEqual(NOTHING)
})

test('[P7] options may be reactive: another user has another conversation', async () => {
  using desk = new PageDesk()
  const options = reactive({ desk: 'https://desk.test', token: tokenOf('alice') })
  const { app, container, shows } = mount(options)
  desk.reply('Hi Alice')
  await desk.until(shows('1 unread, connected: Hi Alice'))
  options.token = tokenOf('bob')
  await nextTick()
  expect(container.textContent).toBe('loading')
  await desk.until(() => desk.sockets.some(({ token }) => token === tokenOf('bob')))
  expect(desk.sockets.map(({ readyState }) => readyState === 3)).toEqual([true, false])
  app.unmount()
})
