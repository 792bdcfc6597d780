import type { Transaction } from 'kysely'
import type { DeskEvent, Engine } from '../engine.ts'
import type { Caller } from '../identity/caller.ts'
import { attemptKey, findAttempts, insertMessages, updateChats } from '../messages/batch.ts'
import { markErased } from '../messages/erased.ts'
import { type MessageRow, newMessage } from '../messages/message.ts'
import { advance, nextPlace } from '../messages/place.ts'
import { unreadCount } from '../messages/read.ts'
import { moveNotifications } from '../notifications/owner.ts'
import { searchIndex } from '../search/search-index.ts'
import { keepNotices, removal, revocation } from '../store/notices.ts'
import type { Database } from '../store/schema.ts'
import { timestamp } from '../store/time.ts'
import { transaction } from '../store/transaction.ts'
import { chatUpdated, lockChats } from './change.ts'
import { type Chat, findOwnIn, selectChats } from './chat.ts'

/**
 * Gives the chat that someone had as a visitor to the user they turned out to be. A user who has a chat already
 * gets the visitor's messages at its end, so that there is one chat and nothing is lost. Repeating it changes nothing.
 * The visitor's connections end on every desk: whoever still listens as the visitor has no right to the user's chat.
 */
export async function claimVisitorChat(engine: Engine, visitorId: string, caller: Caller): Promise<void> {
  const revoked = revocation(engine.newId(), { id: visitorId })
  let events: DeskEvent[] = []
  await transaction(engine.store, async (trx) => {
    const claimed = await claimIn(engine, trx, visitorId, caller)
    // There is no visitor any more also where a COMMIT got no answer and this is the next attempt.
    if (claimed.length > 0) events = claimed
    await keepNotices(trx, engine, [revoked])
  })
  engine.publish([...events, revoked])
}

async function claimIn(
  engine: Engine,
  trx: Transaction<Database>,
  visitorId: string,
  caller: Caller,
): Promise<DeskEvent[]> {
  const ids = [await findOwnIn(trx, visitorId), await findOwnIn(trx, caller.id)].flatMap(
    (chat) => chat?.id ?? [],
  )
  await lockChats(engine, trx, ids.sort())
  // Looked up again, under the lock: two tabs may sign in at once, and only one of them finds a visitor.
  const visitor = await findOwnIn(trx, visitorId)
  if (visitor === undefined) return []
  // What the visitor sent is the user's from now on, and the user's to erase: no late retry repeats it elsewhere.
  await markErased(engine, trx, visitorId, visitor.id)
  const own = await findOwnIn(trx, caller.id)
  if (own !== undefined) return await merge(engine, trx, visitor, own)
  const known = await trx
    .selectFrom('support_users')
    .select('id')
    .where('external_id', '=', caller.id)
    .executeTakeFirst()
  if (known !== undefined) return await handOver(engine, trx, visitor, known.id)
  return await rename(engine, trx, visitor, caller)
}

/** Nobody of this id was here before: the visitor becomes them. */
async function rename(
  engine: Engine,
  trx: Transaction<Database>,
  visitor: Chat,
  { id, email, name, traits, ...caller }: Caller,
): Promise<DeskEvent[]> {
  const updated_at = timestamp(engine.clock.now() * 1000)
  const locale = caller.locale ?? visitor.user_locale
  await trx
    .updateTable('support_users')
    .set({ external_id: id, email, name, locale, traits: traits && JSON.stringify(traits), updated_at })
    .where('id', '=', visitor.user_id)
    .execute()
  await searchIndex(engine.store).changePerson(trx, { id: visitor.user_id, email, name })
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
  from: Chat,
  into: Chat,
): Promise<DeskEvent[]> {
  const moved = await moveMessages(engine, trx, from, into)
  const removed = removal(engine.newId(), from.id)
  await keepNotices(trx, engine, [removed])
  await trx.deleteFrom('support_users').where('id', '=', from.user_id).execute()
  return [...moved, chatUpdated(into), { stream: removed.stream, event: removed.event }]
}

/** What the rows of `from` would be called in `into`, where that is taken already. */
async function takenAttempts(
  { store }: Engine,
  trx: Transaction<Database>,
  rows: readonly MessageRow[],
  into: Chat,
): Promise<(row: MessageRow) => MessageRow | undefined> {
  const attempts = rows.flatMap(({ client_id: clientId }) =>
    clientId === null ? [] : { clientId, chatId: into.id },
  )
  const taken = await findAttempts(store, trx, attempts)
  return (row) => taken.get(attemptKey({ ...row, chat_id: into.id }) ?? '')
}

/** Moves all messages to the end of `into`, which is changed accordingly, and tells what to publish. */
async function moveMessages(
  engine: Engine,
  trx: Transaction<Database>,
  from: Chat,
  into: Chat,
): Promise<DeskEvent[]> {
  const stored = await trx
    .selectFrom('support_messages')
    .selectAll()
    .where('chat_id', '=', from.id)
    .orderBy('seq')
    .execute()
  // Both marks are one seq each: they can only go on into what is moved if nothing before it is open.
  const isRead = (await unreadCount({ db: trx }, into, into.last_seq)) === 0
  const isViewed = into.last_user_seq <= into.admin_viewed_seq
  const now = engine.clock.now() * 1000
  const events: DeskEvent[] = []
  const takenBy = await takenAttempts(engine, trx, stored, into)
  const rows: MessageRow[] = []
  const places = new Map<number, number>()
  for (const row of stored) {
    const taken = takenBy(row)
    // The same text under the same client_id was tried again after signing in: it is one message.
    if (taken?.content === row.content && row.sender_type === 'user') continue
    if (isRead && row.seq <= from.user_read_seq) into.user_read_seq = into.last_seq + 1
    if (isViewed && row.seq <= from.admin_viewed_seq) into.admin_viewed_seq = into.last_seq + 1
    const moved = { ...row, ...nextPlace(into, now), read_at: isRead ? row.read_at : null }
    if (taken !== undefined) moved.client_id = null
    places.set(row.seq, moved.seq)
    advance(into, moved)
    rows.push(moved)
    events.push(newMessage(moved))
  }
  // Inserted anew instead of changed: what comes later in a chat also comes later in the log.
  await trx.deleteFrom('support_messages').where('chat_id', '=', from.id).execute()
  await insertMessages(engine.store, trx, rows)
  await moveNotifications(engine, trx, from.id, into.id, places)
  await updateChats(engine.store, trx, [into])
  const { user_read_seq, admin_viewed_seq } = into
  await trx
    .updateTable('support_chats')
    .set({ user_read_seq, admin_viewed_seq })
    .where('id', '=', into.id)
    .execute()
  return events
}
