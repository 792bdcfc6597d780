import { chatStream } from '@deskbell/protocol'
import { changeChat } from '../chats/change.ts'
import type { Chat } from '../chats/chat.ts'
import type { Engine } from '../engine.ts'
import type { Store } from '../store/store.ts'

/** Notes that the user has read the admins' messages up to seq `through`, or all that is committed now. */
export function read(engine: Engine, chatId: string, through?: number): Promise<Chat> {
  return changeChat(engine, chatId, (chat, at) => {
    const seen = Math.min(through ?? chat.last_seq, chat.last_seq)
    if (seen <= chat.user_read_seq) return null
    return {
      set: { user_read_seq: seen },
      also: async (trx) => {
        await trx
          .updateTable('support_messages')
          .set({ read_at: at, updated_at: at })
          .where('chat_id', '=', chatId)
          .where('seq', '>', chat.user_read_seq)
          .where('seq', '<=', seen)
          .where('sender_type', '=', 'admin')
          .execute()
      },
      events: () => [
        { stream: chatStream(chatId), event: { type: 'messages_read', through: seen, read_at: at } },
      ],
    }
  })
}

/**
 * How many of the admins' messages up to seq `through` the user has not read. What came in or was read since `chat` was
 * looked up is left out.
 */
export async function unreadCount({ db }: Pick<Store, 'db'>, chat: Chat, through: number): Promise<number> {
  if (through <= chat.user_read_seq) return 0
  const { unread } = await db
    .selectFrom('support_messages')
    .select((count) => count.fn.countAll<number | string>().as('unread'))
    .where('chat_id', '=', chat.id)
    .where('seq', '>', chat.user_read_seq)
    .where('seq', '<=', through)
    .where('sender_type', '=', 'admin')
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(unread)
}
