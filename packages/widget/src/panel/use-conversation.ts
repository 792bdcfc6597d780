import type { Conversation, ConversationSnapshot } from '@deskbell/client'
import { useLayoutEffect, useState } from 'preact/hooks'

/** The conversation as it is now. */
export function useConversation(chat: Conversation): ConversationSnapshot {
  const [snapshot, setSnapshot] = useState(chat.getSnapshot())
  useLayoutEffect(() => {
    const update = () => setSnapshot(chat.getSnapshot())
    update()
    return chat.subscribe(update)
  }, [chat])
  return snapshot
}
