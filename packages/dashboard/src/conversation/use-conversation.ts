import { type Conversation, type ConversationSnapshot, createAdminChat, pageSignals } from '@deskbell/client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { API } from '../desk/call.ts'
import { useDesk } from '../desk/desk.ts'

/** Opens a chat for as long as the component lives; null until it is opening. */
export function useConversation(chatId: string): Conversation | null {
  const { connection, keepsakes } = useDesk()
  const [conversation, setConversation] = useState<Conversation | null>(null)
  useEffect(() => {
    const signals = pageSignals(window, document)
    const baseUrl = location.origin + API
    const opened = createAdminChat({ baseUrl, connection, chatId, storage: keepsakes, signals })
    void opened.open()
    setConversation(opened)
    return () => {
      opened.close()
      setConversation(null)
    }
  }, [chatId, connection, keepsakes])
  return conversation
}

export function useSnapshot(conversation: Conversation): ConversationSnapshot {
  return useSyncExternalStore(
    (listener) => conversation.subscribe(listener),
    () => conversation.getSnapshot(),
  )
}

/** Marks what comes in as viewed while the page is looked at, and on the return of the reader. */
export function useViewing(conversation: Conversation, { phase, unreadCount }: ConversationSnapshot): void {
  useEffect(() => {
    if (phase !== 'ready' || unreadCount === 0) return
    const view = () => document.visibilityState === 'visible' && conversation.markRead()
    view()
    document.addEventListener('visibilitychange', view)
    return () => document.removeEventListener('visibilitychange', view)
  }, [conversation, phase, unreadCount])
}

/** A call that says "nobody" may be the first to meet the end of the session. */
export function useSessionCheck({ error }: ConversationSnapshot): void {
  const queries = useQueryClient()
  const isNobody = error?.code === 'unauthenticated'
  useEffect(() => {
    if (isNobody) void queries.invalidateQueries({ queryKey: ['me'] })
  }, [isNobody, queries])
}
