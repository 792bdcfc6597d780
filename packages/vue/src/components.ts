import { defineComponent, h, onMounted, onUnmounted, type ShallowRef, shallowRef } from 'vue'
import { useAppChat } from './deskbell-plugin.ts'

/** The launcher in the corner of the page, with its panel. */
export const SupportChat = defineComponent({
  name: 'SupportChat',
  setup() {
    usePlace('deskbell-chat', () => document.body)
    return () => null
  },
})

/** The panel alone, always open, in a `div` of the host's page that it fills; give that one a height. */
export const SupportChatPanel = defineComponent({
  name: 'SupportChatPanel',
  setup() {
    const container: ShallowRef<Element | null> = shallowRef(null)
    usePlace('deskbell-panel', () => container.value)
    return () => h('div', { ref: container })
  },
})

function usePlace(name: 'deskbell-chat' | 'deskbell-panel', parent: () => Element | null): void {
  const { embedding, begin } = useAppChat()
  let takeAway: (() => void) | undefined
  onMounted(() => {
    begin()
    const element = parent()
    if (element) takeAway = embedding.place(name, element)
  })
  onUnmounted(() => takeAway?.())
}
