import { expect, test } from 'vitest'
import { createSSRApp, defineComponent, h } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { DeskbellPlugin, SupportChat, SupportChatPanel, useSupportChat } from './index.ts'

const Help = defineComponent(() => {
  const { loading, unreadCount, isOpen } = useSupportChat()
  return () =>
    h('p', JSON.stringify({ loading: loading.value, unread: unreadCount.value, open: isOpen.value }))
})

test('a server, which has no window, renders a chat that is not known yet', async () => {
  expect(globalThis).not.toHaveProperty('window')
  const page = () => [h(Help), h(SupportChat), h(SupportChatPanel, { class: 'chat' })]
  const token = () => Promise.reject(new Error('asked on a server'))
  const app = createSSRApp(() => h('main', page())).use(DeskbellPlugin, { desk: '/support', token })
  expect((await renderToString(app)).replaceAll('&quot;', '"')).toBe(
    '<main><p>{"loading":true,"unread":0,"open":false}</p><!----><div class="chat"></div></main>',
  )
})

test('a composable in an app without the plugin says what is missing', async () => {
  const app = createSSRApp(Help)
  app.config.warnHandler = () => {} // which would say the same
  await expect(renderToString(app)).rejects.toThrow('DeskbellPlugin')
})
