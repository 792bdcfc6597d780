import type { Transaction } from 'kysely'
import type { Engine } from '../engine.ts'
import { markErased } from '../messages/erased.ts'
import { forgetMails } from '../notifications/owner.ts'
import { keepNotices, type Notice, removal, revocation } from '../store/notices.ts'
import type { Database } from '../store/schema.ts'
import { transaction } from '../store/transaction.ts'
import { lockChats } from './change.ts'
import { type Chat, findOwnIn } from './chat.ts'

/** Messages that one statement removes: the longest chat takes more statements, and none of them too long. */
const STEP = 2_000

/**
 * Removes a user or visitor with their chat and all its messages, for ever: a late retry brings nothing back.
 * Their connections end on every desk, also if nobody of this id was known: another process may have erased them, and
 * could not reach the sockets. Tells whether there was anyone.
 */
export async function erase(
  engine: Pick<Engine, 'store' | 'clock' | 'newId' | 'publish' | 'hasOtherDesks'>,
  externalId: string,
): Promise<boolean> {
  // One notice, however often the transaction has to run. It finds nobody any more where a COMMIT got no answer.
  const revoked = revocation(engine.newId(), { id: externalId })
  let wasKnown = false
  let removed: Notice[] = []
  await transaction(engine.store, async (trx) => {
    const found = await findOwnIn(trx, externalId)
    if (found !== undefined) await lockChats(engine, trx, [found.id])
    // Looked up again, under the lock: the chat of a visitor may have become that of a user.
    const chat = await findOwnIn(trx, externalId)
    if (chat !== undefined) {
      await markErased(engine, trx, externalId, chat.id)
      await forgetMails(trx, chat)
      await deleteMessages(trx, chat)
      await trx.deleteFrom('support_chats').where('id', '=', chat.id).execute()
    }
    const { numDeletedRows } = await trx
      .deleteFrom('support_users')
      .where('external_id', '=', externalId)
      .executeTakeFirst()
    if (numDeletedRows > 0n) wasKnown = true
    if (chat !== undefined) removed = [removal(engine.newId(), chat.id)]
    // Last, so that their time is close to the commit: desks look for what is new.
    await keepNotices(trx, engine, [revoked, ...removed])
  })
  engine.publish([revoked, ...removed])
  return wasKnown
}

async function deleteMessages(trx: Transaction<Database>, { id, last_seq }: Chat): Promise<void> {
  for (let through = STEP; through < last_seq + STEP; through += STEP) {
    await trx.deleteFrom('support_messages').where('chat_id', '=', id).where('seq', '<=', through).execute()
  }
}
