// @vitest-environment happy-dom
import { act, type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, test, vi } from 'vitest'
import { NOTHING, PageDesk } from '../../widget/src/embedding/testing/page-desk.ts'
import { SupportChat, SupportChatProvider, useSupportChat } from './index.ts'

const ALICE = { desk: 'https://desk.test', token: 'alice' }

Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', true)

function mount(tree: ReactNode) {
  const container = document.createElement('div')
  const root = createRoot(container)
  act(() => root.render(tree))
  return {
    container,
    render: (tree: ReactNode) => act(() => root.render(tree)),
    unmount: () => act(() => root.unmount()),
  }
}

function Help() {
  const { messages, unreadCount, loading, connected, sendMessage } = useSupportChat()
  return (
    <button type="button" onClick={() => sendMessage('Hello')}>
      {loading ? 'loading' : `${unreadCount} unread, ${connected ? 'connected' : 'not connected'}: `}
      {messages.map(({ content }) => content).join(', ')}
    </button>
  )
}

test('a component shows the chat as it is now, and writes into it', async () => {
  using desk = new PageDesk()
  const { container, unmount } = mount(
    <SupportChatProvider {...ALICE}>
      <Help />
    </SupportChatProvider>,
  )
  expect(container.textContent).toBe('loading')
  const shows = (text: string) => act(() => desk.until(() => container.textContent === text))
  await shows('0 unread, connected: ')
  desk.reply('Hi Alice')
  await shows('1 unread, connected: Hi Alice')
  act(() => container.querySelector('button')?.click())
  await shows('1 unread, connected: Hi Alice, Hello')
  unmount()
})

test('strict mode makes one conversation, and unmounting leaves nothing behind', async () => {
  using desk = new PageDesk()
  const token = vi.fn(() => 'alice')
  const { container, unmount } = mount(
    <StrictMode>
      <SupportChatProvider {...ALICE} token={token}>
        <SupportChat />
        <Help />
      </SupportChatProvider>
    </StrictMode>,
  )
  await act(() => desk.until(() => container.textContent === '0 unread, connected: '))
  expect(token).toHaveBeenCalledOnce()
  expect(desk.calls.filter((call) => call.endsWith('/summary'))).toHaveLength(1)
  expect(desk.sockets).toHaveLength(1)
  unmount()
  expect(await desk.left()).toEqual(NOTHING)
})
