import type { Engine } from '../engine.ts'
import { changeChat, chatUpdated } from './change.ts'
import type { Chat } from './chat.ts'

/** Puts a chat aside; its messages stay. Repeating it changes nothing. */
export function archive(engine: Engine, chatId: string): Promise<Chat> {
  return changeChat(engine, chatId, (chat, at) =>
    chat.archived_at === null
      ? { set: { archived_at: at }, events: (changed) => [chatUpdated(changed)] }
      : null,
  )
}

/** Brings an archived chat back. Repeating it changes nothing. */
export function restore(engine: Engine, chatId: string): Promise<Chat> {
  return changeChat(engine, chatId, (chat) =>
    chat.archived_at === null
      ? null
      : { set: { archived_at: null }, events: (changed) => [chatUpdated(changed)] },
  )
}
