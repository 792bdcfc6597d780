import type { Conversation, ConversationSnapshot } from '@deskbell/client'
import { useEffect, useState } from '../view/hooks.ts'

/** The conversation as it is now. */
export function useConversation(chat: Conversation): ConversationSnapshot {
  const [snapshot, setSnapshot] = useState(chat.getSnapshot())
  useEffect(() => {
    const update = () => setSnapshot(chat.getSnapshot())
    update()
    return chat.subscribe(update)
  }, [chat])
  return snapshot
}
