import type { ChatState, ChatVerbs } from '@deskbell/widget/embedding'
import { type ComputedRef, computed, onMounted } from 'vue'
import { useAppChat } from './deskbell-plugin.ts'

/** The user's chat as it is now, each word a ref, and what can be done with it. */
export type SupportChatRefs = { readonly [Word in keyof ChatState]: ComputedRef<ChatState[Word]> } & ChatVerbs

/**
 * The app's conversation: the one that `<SupportChat>` and `<SupportChatPanel>` show as well.
 * @example const { unreadCount, open } = useSupportChat()
 */
export function useSupportChat(): SupportChatRefs {
  const { embedding, state, begin } = useAppChat()
  onMounted(begin)
  return {
    chat: computed(() => state.value.chat),
    messages: computed(() => state.value.messages),
    status: computed(() => state.value.status),
    connected: computed(() => state.value.connected),
    loading: computed(() => state.value.loading),
    error: computed(() => state.value.error),
    unreadCount: computed(() => state.value.unreadCount),
    isOpen: computed(() => state.value.isOpen),
    ...embedding.verbs,
  }
}
