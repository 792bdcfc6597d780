import { type Conversation, type ConversationSnapshot, createAdminChat, pageSignals } from '@deskbell/client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { API } from '../desk/call.ts'
import { useDesk } from '../desk/desk.ts'

/** Opens a chat once someone can see it (that views it), for as long as the component lives; null until it is opening. */
export function useConversation(chatId: string): Conversation | null {
  const { connection, keepsakes } = useDesk()
  const [conversation, setConversation] = useState<Conversation | null>(null)
  useEffect(() => {
    let opened: Conversation | null = null
    const stopWaiting = onceVisible(() => {
      const signals = pageSignals(window, document)
      const baseUrl = location.origin + API
      opened = createAdminChat({ baseUrl, connection, chatId, storage: keepsakes, signals })
      void opened.open()
      setConversation(opened)
    })
    return () => {
      stopWaiting()
      opened?.close()
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

/** A link may be opened in a tab that is looked at later, or never. Returns how to stop waiting. */
function onceVisible(act: () => void): () => void {
  const actIfVisible = () => {
    if (document.visibilityState !== 'visible') return
    stop()
    act()
  }
  const stop = () => document.removeEventListener('visibilitychange', actIfVisible)
  document.addEventListener('visibilitychange', actIfVisible)
  actIfVisible()
  return stop
}
