import { ADMIN_STREAM, chatStream } from '@deskbell/protocol'
import type { Transaction } from 'kysely'
import type { DeskEvent, Engine } from '../engine.ts'
import type { Caller } from '../identity/caller.ts'
import type { Database } from '../store/schema.ts'
import { micros, timestamp } from '../store/time.ts'
import { chatUpdated, lockChats } from './change.ts'
import { type Chat, findOwn, selectChats } from './chat.ts'

/**
 * Gives the chat that someone had as a visitor to the user they turned out to be. A user who has a chat already
 * gets the visitor's messages at its end, so that there is one chat and nothing is lost. Repeating it changes nothing.
 */
export async function claimVisitorChat(engine: Engine, visitorId: string, caller: Caller): Promise<void> {
  const visitor = await findOwn(engine.store, visitorId)
  if (visitor === undefined) return
  const events = await engine.store.db.transaction().execute(async (trx) => {
    const known = await trx
      .selectFrom('support_users')
      .select('id')
      .where('external_id', '=', caller.id)
      .executeTakeFirst()
    if (known === undefined) return await rename(engine, trx, visitor, caller)
    const own = await selectChats(trx).where('support_chats.user_id', '=', known.id).executeTakeFirst()
    if (own === undefined) return await handOver(engine, trx, visitor, known.id)
    return await merge(engine, trx, visitor.id, own.id)
  })
  engine.publish(events)
}

/** Nobody of this id was here before: the visitor becomes them. */
async function rename(
  engine: Engine,
  trx: Transaction<Database>,
  visitor: Chat,
  { id, email, name }: Caller,
): Promise<DeskEvent[]> {
  const updated_at = timestamp(engine.clock.now() * 1000)
  await trx
    .updateTable('support_users')
    .set({ external_id: id, email, name, updated_at })
    .where('id', '=', visitor.user_id)
    .execute()
  return [chatUpdated({ ...visitor, user_email: email, user_name: name })]
}

async function handOver(
  engine: Engine,
  trx: Transaction<Database>,
  visitor: Chat,
  userId: string,
): Promise<DeskEvent[]> {
  const updated_at = timestamp(engine.clock.now() * 1000)
  await trx
    .updateTable('support_chats')
    .set({ user_id: userId, updated_at })
    .where('id', '=', visitor.id)
    .execute()
  await trx.deleteFrom('support_users').where('id', '=', visitor.user_id).execute()
  const chat = await selectChats(trx).where('support_chats.id', '=', visitor.id).executeTakeFirstOrThrow()
  return [chatUpdated(chat)]
}

async function merge(
  engine: Engine,
  trx: Transaction<Database>,
  fromId: string,
  intoId: string,
): Promise<DeskEvent[]> {
  await lockChats(engine, trx, [fromId, intoId].sort())
  const from = await selectChats(trx).where('support_chats.id', '=', fromId).executeTakeFirstOrThrow()
  const into = await selectChats(trx).where('support_chats.id', '=', intoId).executeTakeFirstOrThrow()
  await forgetRepeats(trx, fromId, intoId)
  const moved = await moveMessages(engine, trx, from, into)
  await trx.deleteFrom('support_users').where('id', '=', from.user_id).execute()
  return [
    ...moved,
    chatUpdated(into),
    { stream: ADMIN_STREAM, event: { type: 'chat_removed', chat_id: fromId } },
  ]
}

/** A message that was retried after signing in is in both chats under one client_id. */
async function forgetRepeats(trx: Transaction<Database>, fromId: string, intoId: string): Promise<void> {
  const known = trx.selectFrom('support_messages').select('client_id').where('chat_id', '=', intoId)
  await trx
    .deleteFrom('support_messages')
    .where('chat_id', '=', fromId)
    .where('sender_type', '=', 'user')
    .where('client_id', 'in', known.where('sender_type', '=', 'user').where('client_id', 'is not', null))
    .execute()
}

/** Moves all messages to the end of `into`, which is changed accordingly, and tells what to publish. */
async function moveMessages(
  engine: Engine,
  trx: Transaction<Database>,
  from: Chat,
  into: Chat,
): Promise<DeskEvent[]> {
  const messages = await trx
    .selectFrom('support_messages')
    .selectAll()
    .where('chat_id', '=', from.id)
    .orderBy('seq')
    .execute()
  const events: DeskEvent[] = []
  const now = engine.clock.now() * 1000
  for (const { updated_at: _, chat_id: __, sender_id: ___, ...message } of messages) {
    const previous = into.last_message_at === null ? 0 : micros(into.last_message_at)
    const at = timestamp(Math.max(now, previous + 1))
    const seq = into.last_seq + 1
    await trx
      .updateTable('support_messages')
      .set({ chat_id: into.id, seq, created_at: at, updated_at: at })
      .where('id', '=', message.id)
      .execute()
    into.last_seq = seq
    into.last_message_at = at
    into.updated_at = at
    if (message.sender_type === 'user') {
      into.last_user_seq = seq
      into.archived_at = null
    }
    events.push({
      stream: chatStream(into.id),
      event: { type: 'new_message', message: { ...message, seq, created_at: at } },
    })
  }
  if (messages.length === 0) return events
  into.last_message_preview = from.last_message_preview
  into.last_message_sender = from.last_message_sender
  const { last_seq, last_message_at, last_user_seq, archived_at, updated_at } = into
  const { last_message_preview, last_message_sender } = into
  await trx
    .updateTable('support_chats')
    .set({
      last_seq,
      last_message_at,
      last_user_seq,
      archived_at,
      updated_at,
      last_message_preview,
      last_message_sender,
    })
    .where('id', '=', into.id)
    .execute()
  return events
}
