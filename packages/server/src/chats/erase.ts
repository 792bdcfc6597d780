import { ADMIN_STREAM } from '@deskbell/protocol'
import type { Transaction } from 'kysely'
import type { Engine } from '../engine.ts'
import { markErased } from '../messages/erased.ts'
import { forgetMails } from '../notifications/owner.ts'
import { keepNotices, removal } from '../store/notices.ts'
import type { Database } from '../store/schema.ts'
import { transaction } from '../store/transaction.ts'
import { lockChats } from './change.ts'
import { type Chat, findOwnIn } from './chat.ts'

/** Messages that one statement removes: the longest chat takes more statements, and none of them too long. */
const STEP = 2_000

/**
 * Removes a user or visitor with their chat and all its messages, for ever: a late retry brings nothing back.
 * Tells whether there was anyone. Whoever asks for it also has to end the person's connections.
 */
export async function erase(
  engine: Pick<Engine, 'store' | 'clock' | 'newId' | 'publish' | 'hasOtherDesks'>,
  externalId: string,
): Promise<boolean> {
  const { wasKnown, chatId } = await transaction(engine.store, async (trx) => {
    const found = await findOwnIn(trx, externalId)
    if (found !== undefined) await lockChats(engine, trx, [found.id])
    // Looked up again, under the lock: the chat of a visitor may have become that of a user.
    const chat = await findOwnIn(trx, externalId)
    if (chat !== undefined) {
      await markErased(engine, trx, externalId, chat.id)
      await forgetMails(trx, chat)
      await deleteMessages(trx, chat)
      await trx.deleteFrom('support_chats').where('id', '=', chat.id).execute()
      await keepNotices(trx, engine, [removal(engine.newId(), chat.id)])
    }
    const { numDeletedRows } = await trx
      .deleteFrom('support_users')
      .where('external_id', '=', externalId)
      .executeTakeFirst()
    return { wasKnown: numDeletedRows > 0n, chatId: chat?.id }
  })
  if (chatId !== undefined) {
    engine.publish([{ stream: ADMIN_STREAM, event: { type: 'chat_removed', chat_id: chatId } }])
  }
  return wasKnown
}

async function deleteMessages(trx: Transaction<Database>, { id, last_seq }: Chat): Promise<void> {
  for (let through = STEP; through < last_seq + STEP; through += STEP) {
    await trx.deleteFrom('support_messages').where('chat_id', '=', id).where('seq', '<=', through).execute()
  }
}
