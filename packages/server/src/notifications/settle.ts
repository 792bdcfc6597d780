import type { NotificationReason } from '@deskbell/protocol'
import type { Transaction, Updateable } from 'kysely'
import { lockChats } from '../chats/change.ts'
import type { Engine } from '../engine.ts'
import type { Database, NotificationTable } from '../store/schema.ts'
import { transaction } from '../store/transaction.ts'
import { addressKey } from './address.ts'
import { notificationChanged } from './decisions.ts'
import { type IsLooking, judge, type Letter, type Verdict } from './judge.ts'
import { findLeased, type Leased, later, type NotificationRow, newRow, now } from './outbox.ts'
import { retryDelay } from './retry.ts'
import { suppress } from './suppressions.ts'

type Change = Updateable<NotificationTable>

/**
 * Judges a leased row. Whatever is not to be sent now is settled here; what is to be sent is returned, and the lease
 * still holds. Null when there is nothing to send.
 */
export async function prepareLetter(
  engine: Engine,
  leased: Leased,
  isLooking: IsLooking,
): Promise<Letter | null> {
  let letter: Letter | null = null
  await settle(engine, leased, async (trx, row) => {
    const verdict = await judge(engine, trx, row, isLooking)
    switch (verdict.type) {
      case 'mail':
        letter = verdict.letter
        return { from_seq: letter.fromSeq, through_seq: letter.throughSeq }
      case 'skip':
        return skipped(engine, verdict)
      case 'wait':
        return postponed(verdict)
    }
  })
  return letter
}

/** The mail server has taken the mail. */
export async function settleSent(engine: Engine, leased: Leased, letter: Letter): Promise<void> {
  await settle(engine, leased, async () =>
    decided(engine, { state: 'sent', reason: null, detail: null }, letter),
  )
}

/** The mail was refused for good; `isAddress` says that any other to this address would be, too. */
export async function settleRefused(
  engine: Engine,
  leased: Leased,
  letter: Letter,
  { detail, isAddress }: { detail: string; isAddress: boolean },
): Promise<void> {
  await settle(engine, leased, async (trx) => {
    if (isAddress) await suppress(trx, { address: letter.address, detail, at: now(engine) })
    return decided(engine, { state: 'failed', reason: 'refused', detail }, letter)
  })
}

/** It did not get through this time. After a day of that it is given up. */
export async function settleLater(
  engine: Engine,
  leased: Leased,
  letter: Letter,
  detail: string,
): Promise<void> {
  await settle(engine, leased, async (_trx, row) => {
    const attempts = row.attempts + 1
    const delayMs = retryDelay(attempts, engine.notifyAfterMs ?? 0, Math.random())
    if (delayMs === null) return decided(engine, { state: 'failed', reason: 'gave_up', detail }, letter)
    const address = addressKey(letter.address)
    const due_at = later(now(engine), delayMs)
    return { ...FREE, reason: 'retrying', detail, attempts, address, due_at }
  })
}

const FREE = { lease: null, leased_until: null }

/**
 * Changes a row under its chat's lock, if the lease still holds, and tells the admins. A row that is decided makes
 * room for the next one: replies that came meanwhile get it here, as they found this one still pending.
 */
async function settle(
  engine: Engine,
  leased: Leased,
  decide: (trx: Transaction<Database>, row: NotificationRow) => Promise<Change>,
): Promise<void> {
  const changed = await transaction(engine.store, async (trx) => {
    await lockChats(engine, trx, [leased.chatId])
    const row = await findLeased(trx, leased)
    // Erased meanwhile, or another desk has it because this one took too long.
    if (row === undefined) return []
    const change = await decide(trx, row)
    const rows: NotificationRow[] = []
    if (change.state === undefined && row.from_seq < Number(change.from_seq)) {
      rows.push(await recordRead(engine, trx, row, Number(change.from_seq)))
    }
    await trx.updateTable('support_notifications').set(change).where('id', '=', row.id).execute()
    // The row with what was set in it; a change holds columns of the row only.
    const settled = { ...row, ...change } as NotificationRow
    if (settled.lease === null) rows.push(settled)
    if (settled.state !== 'pending') rows.push(...(await followUp(engine, trx, settled)))
    return rows
  })
  if (changed.length > 0) engine.publish(changed.map(notificationChanged))
}

function skipped(engine: Engine, verdict: Verdict & { type: 'skip' }): Change {
  return decided(engine, { state: 'skipped', reason: verdict.reason, detail: null }, verdict)
}

function postponed({ reason, fromSeq, dueAt }: Verdict & { type: 'wait' }): Change {
  return { ...FREE, reason, from_seq: fromSeq, through_seq: fromSeq, due_at: dueAt }
}

interface Outcome {
  state: 'sent' | 'skipped' | 'failed'
  reason: NotificationReason | null
  detail: string | null
}

function decided(
  engine: Engine,
  outcome: Outcome,
  about: { fromSeq: number; throughSeq: number; address: string | null },
) {
  return {
    ...FREE,
    ...outcome,
    pending_chat_id: null,
    from_seq: about.fromSeq,
    through_seq: about.throughSeq,
    address: about.address && addressKey(about.address),
    decided_at: now(engine),
  }
}

/** Replies before `fromSeq` were read while the row waited for later ones: that is a decision of its own. */
async function recordRead(
  engine: Engine,
  trx: Transaction<Database>,
  row: NotificationRow,
  fromSeq: number,
): Promise<NotificationRow> {
  const { last } = await trx
    .selectFrom('support_messages')
    .select((of) => of.fn.max('seq').as('last'))
    .where('chat_id', '=', row.chat_id)
    .where('sender_type', '=', 'admin')
    .where('seq', '<', fromSeq)
    .executeTakeFirstOrThrow()
  const about = { fromSeq: row.from_seq, throughSeq: last ?? row.from_seq, address: row.address }
  const read: NotificationRow = {
    ...newRow(engine, { chatId: row.chat_id, seq: row.from_seq, dueAt: row.due_at }),
    ...decided(engine, { state: 'skipped', reason: 'read', detail: null }, about),
  }
  await trx.insertInto('support_notifications').values(read).execute()
  return read
}

async function followUp(
  engine: Engine,
  trx: Transaction<Database>,
  done: NotificationRow,
): Promise<NotificationRow[]> {
  const next = await trx
    .selectFrom('support_messages')
    .select(['seq', 'created_at'])
    .where('chat_id', '=', done.chat_id)
    .where('sender_type', '=', 'admin')
    .where('seq', '>', done.through_seq)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  if (next === undefined) return []
  const at = now(engine)
  const since = next.created_at < at ? next.created_at : at
  const dueAt = later(since, engine.notifyAfterMs ?? 0)
  const row = newRow(engine, { chatId: done.chat_id, seq: next.seq, dueAt })
  await trx.insertInto('support_notifications').values(row).execute()
  return [row]
}
