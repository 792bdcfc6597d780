import type { Selectable, Transaction } from 'kysely'
import type { Engine } from '../engine.ts'
import type { MessageRow } from '../messages/message.ts'
import { once } from '../store/once.ts'
import { prepare, prepareList } from '../store/prepared.ts'
import type { Database, NotificationTable, Timestamp } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { micros, timestamp } from '../store/time.ts'
import { transaction } from '../store/transaction.ts'

export type NotificationRow = Selectable<NotificationTable>

/** A pending row that this desk alone may settle, until `leased_until`. */
export interface Leased {
  id: string
  chatId: string
  lease: string
}

/**
 * Sees to it that each chat with new replies has its one pending row; later replies join it. Part of the messages'
 * transaction, under the chats' locks: no crash leaves a reply without its row. What users write costs nothing here.
 * Returns the rows that are new.
 */
export async function noteReplies(
  engine: Engine,
  trx: Transaction<Database>,
  rows: readonly MessageRow[],
): Promise<NotificationRow[]> {
  if (engine.notifyAfterMs === null) return []
  const first = new Map<string, number>()
  for (const { chat_id, seq, sender_type } of rows) {
    if (sender_type === 'admin' && !first.has(chat_id)) first.set(chat_id, seq)
  }
  const { pending, insert } = queries(engine.store)
  const chats = Array.from(first.keys(), (chatId) => ({ chatId }))
  for (const { pending_chat_id } of await pending.run(trx, chats)) first.delete(pending_chat_id ?? '')
  const dueAt = later(now(engine), engine.notifyAfterMs)
  const fresh = Array.from(first, ([chatId, seq]) => newRow(engine, { chatId, seq, dueAt }))
  await insert.run(trx, fresh)
  return fresh
}

/** A row for the replies of a chat from `seq` on. */
export function newRow(
  engine: Engine,
  { chatId, seq, dueAt }: { chatId: string; seq: number; dueAt: Timestamp },
): NotificationRow {
  return {
    id: engine.newId(),
    chat_id: chatId,
    pending_chat_id: chatId,
    state: 'pending',
    reason: null,
    detail: null,
    from_seq: seq,
    through_seq: seq,
    due_at: dueAt,
    attempts: 0,
    lease: null,
    leased_until: null,
    address: null,
    created_at: now(engine),
    decided_at: null,
  }
}

/**
 * Takes up to `limit` rows that are due, for `leaseMs`. Committed before anything is sent: of several desks one gets
 * each row, and the row of a desk that died comes up again when its lease is over.
 */
export async function leaseDue(engine: Engine, limit: number, leaseMs: number): Promise<Leased[]> {
  const { store } = engine
  const at = now(engine)
  if ((await queries(store).due.run(store.db, { at, limit: 1 })).length === 0) return []
  const lease = engine.newId()
  return await transaction(store, async (trx) => {
    const rows = await queries(store).due.run(trx, { at, limit })
    if (rows.length === 0) return []
    await trx
      .updateTable('support_notifications')
      .set({ lease, leased_until: later(at, leaseMs) })
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      )
      .execute()
    return rows.map(({ id, chat_id }) => ({ id, chatId: chat_id, lease }))
  })
}

/**
 * Brings rows nearer that lie further ahead than any rule puts them: the clock was ahead and has been set back.
 * `furthestMs` is how far the rules put rows that did not get through.
 */
export async function heedClock(engine: Engine, furthestMs: number): Promise<void> {
  const { store, notifyAfterMs, log } = engine
  if (notifyAfterMs === null) return
  const at = now(engine)
  const due = later(at, notifyAfterMs)
  const strayed = await queries(store).strayed.run(store.db, { due, furthest: later(at, furthestMs) })
  for (const { id } of strayed) {
    await store.db
      .updateTable('support_notifications')
      .set({ due_at: due })
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .execute()
  }
  if (strayed.length > 0) log.warn({ rows: strayed.length }, 'the clock was set back: e-mails are due anew')
}

/**
 * Has leases end within `leaseMs` from now, as any does unless the clock was set back: a desk that died would keep its
 * rows for all that time. Whoever is still at work on one is left the time that it had.
 */
export async function heedLeases(engine: Engine, leaseMs: number): Promise<void> {
  const leased_until = later(now(engine), leaseMs)
  await engine.store.db
    .updateTable('support_notifications')
    .set({ leased_until })
    .where('state', '=', 'pending')
    .where('leased_until', '>', leased_until)
    .execute()
}

/** The row, if this lease on it still holds: what a late worker finds out afterwards changes nothing. */
export function findLeased(
  trx: Transaction<Database>,
  { id, lease }: Leased,
): Promise<NotificationRow | undefined> {
  return trx
    .selectFrom('support_notifications')
    .selectAll()
    .where('id', '=', id)
    .where('lease', '=', lease)
    .executeTakeFirst()
}

/** The time of the database, whose clock decides what is due; the embedded one has that of its machine. */
export const now = ({ clock }: Pick<Engine, 'clock'>): Timestamp => timestamp(clock.now() * 1000)

/** `ms` after a time. */
export const later = (at: Timestamp, ms: number): Timestamp => timestamp(micros(at) + ms * 1000)

const queries = once(({ db, dialect }: Store) => ({
  pending: prepareList((chats: { chatId: string }[]) =>
    db
      .selectFrom('support_notifications')
      .select('pending_chat_id')
      .where(
        'pending_chat_id',
        'in',
        chats.map(({ chatId }) => chatId),
      ),
  ),
  insert: prepareList((rows: NotificationRow[]) =>
    db.insertInto('support_notifications').values(
      rows.map((row) => ({
        id: row.id,
        chat_id: row.chat_id,
        pending_chat_id: row.pending_chat_id,
        state: row.state,
        from_seq: row.from_seq,
        through_seq: row.through_seq,
        due_at: row.due_at,
        attempts: row.attempts,
        created_at: row.created_at,
      })),
    ),
  ),
  due: prepare(({ at, limit }: { at: Timestamp; limit: number }) =>
    db
      .selectFrom('support_notifications')
      .select(['id', 'chat_id'])
      .where('state', '=', 'pending')
      .where('due_at', '<=', at)
      .where(({ or, eb }) => or([eb('leased_until', 'is', null), eb('leased_until', '<=', at)]))
      .orderBy('due_at')
      .limit(limit)
      .$if(dialect.rowLocks, (query) => query.forUpdate().skipLocked()),
  ),
  strayed: prepare(({ due, furthest }: { due: Timestamp; furthest: Timestamp }) =>
    db
      .selectFrom('support_notifications')
      .select('id')
      .where('state', '=', 'pending')
      .where('due_at', '>', due)
      .where(({ or, eb }) =>
        or([eb('reason', 'is', null), eb('reason', '=', 'looking'), eb('due_at', '>', furthest)]),
      )
      .limit(100),
  ),
}))
