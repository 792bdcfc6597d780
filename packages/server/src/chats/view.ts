import { chatStream } from '@deskbell/protocol'
import type { Engine } from '../engine.ts'
import { changeChat, chatUpdated } from './change.ts'
import type { Chat } from './chat.ts'

/** Notes that an admin has seen the chat up to seq `through`, or all that is committed now. It only moves forward. */
export function view(engine: Engine, chatId: string, through?: number): Promise<Chat> {
  return changeChat(engine, chatId, (chat, at) => {
    const seen = Math.min(through ?? chat.last_seq, chat.last_seq)
    if (seen <= chat.admin_viewed_seq) return null
    return {
      set: { admin_viewed_seq: seen, admin_viewed_at: at },
      events: (changed) => [
        { stream: chatStream(chatId), event: { type: 'messages_viewed', through: seen } },
        chatUpdated(changed),
      ],
    }
  })
}
