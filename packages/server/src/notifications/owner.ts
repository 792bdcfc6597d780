import type { Transaction } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database } from '../store/schema.ts'
import { later, newRow, now } from './outbox.ts'
import { allow } from './suppressions.ts'

// What becomes of notifications when their chat goes over to somebody else, or to nobody.

/** Removes what is kept of mails about a chat; its user's address may be written to anew. */
export async function forgetMails(
  trx: Transaction<Database>,
  chat: { id: string; user_email: string | null },
): Promise<void> {
  await trx.deleteFrom('support_notifications').where('chat_id', '=', chat.id).execute()
  if (chat.user_email !== null) await allow(trx, chat.user_email)
}

/** Moves the notifications of a chat to the one that its messages moved to; `places` has the new seq of each. */
export async function moveNotifications(
  engine: Engine,
  trx: Transaction<Database>,
  fromId: string,
  intoId: string,
  places: ReadonlyMap<number, number>,
): Promise<void> {
  const moving = await trx
    .selectFrom('support_notifications')
    .selectAll()
    .where('chat_id', '=', fromId)
    .execute()
  for (const row of moving) {
    const from_seq = places.get(row.from_seq)
    const through_seq = places.get(row.through_seq)
    if (row.state === 'pending' || from_seq === undefined || through_seq === undefined) continue
    await trx
      .updateTable('support_notifications')
      .set({ chat_id: intoId, from_seq, through_seq })
      .where('id', '=', row.id)
      .execute()
  }
  const pending = moving.find(({ state }) => state === 'pending')
  await trx.deleteFrom('support_notifications').where('chat_id', '=', fromId).execute()
  const seq = pending && places.get(pending.from_seq)
  if (seq === undefined) return
  const waiting = await trx
    .selectFrom('support_notifications')
    .select('id')
    .where('pending_chat_id', '=', intoId)
    .executeTakeFirst()
  if (waiting !== undefined) return
  // A mail that is on its way is sent again from here rather than not at all.
  const dueAt = later(now(engine), engine.notifyAfterMs ?? 0)
  await trx
    .insertInto('support_notifications')
    .values(newRow(engine, { chatId: intoId, seq, dueAt }))
    .execute()
}
