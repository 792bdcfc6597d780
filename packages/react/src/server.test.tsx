import { StrictMode } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { SupportChat, SupportChatPanel, SupportChatProvider, useSupportChat } from './index.ts'

function Help() {
  const { loading, unreadCount, isOpen } = useSupportChat()
  return <p>{JSON.stringify({ loading, unreadCount, isOpen })}</p>
}

test('a server, which has no window, renders a chat that is not known yet', () => {
  expect(globalThis).not.toHaveProperty('window')
  const html = renderToString(
    <StrictMode>
      <SupportChatProvider desk="/support" token={() => Promise.reject(new Error('asked on a server'))}>
        <Help />
        <SupportChat />
        <SupportChatPanel className="chat" />
      </SupportChatProvider>
    </StrictMode>,
  )
  expect(html.replaceAll('&quot;', '"')).toBe(
    '<p>{"loading":true,"unreadCount":0,"isOpen":false}</p><div class="chat"></div>',
  )
})

test('a hook outside of a provider says what is missing', () => {
  expect(() => renderToString(<Help />)).toThrow('<SupportChatProvider>')
})
