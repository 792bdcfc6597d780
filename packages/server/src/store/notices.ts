import { ADMIN_STREAM } from '@deskbell/protocol'
import type { Kysely } from 'kysely'
import { type DeskEvent, type Engine, REVOCATIONS } from '../engine.ts'
import type { Database, Timestamp } from './schema.ts'
import type { Store } from './store.ts'
import { timestamp } from './time.ts'

/** They name who is erased, so it is not for ever. */
const KEPT_MS = 600_000
/** Who has read none for longer may have missed one. It is less, as some are committed later than they were written. */
export const READABLE_MS = 540_000

/** Something that desks have to hear of, and that no row of a chat tells: who is sent away, which chat is gone. */
export interface Notice extends DeskEvent {
  /** Whoever heard of this one already does nothing more. */
  id: string
}

/** The connections of a person or of a dashboard session must end. */
export function revocation(id: string, whose: { id: string } | { session: string }): Notice {
  return { id, stream: REVOCATIONS, event: { type: 'revoked', ...whose, notice: id } }
}

/** A chat is gone. */
export function removal(id: string, chatId: string): Notice {
  return { id, stream: ADMIN_STREAM, event: { type: 'chat_removed', chat_id: chatId } }
}

/**
 * Keeps events for other desks, if there are any, should their hints be lost. Those that were kept already are kept
 * once: an attempt whose answer was lost may have done it.
 */
export async function keepNotices(
  db: Kysely<Database>,
  { clock, hasOtherDesks }: Pick<Engine, 'clock' | 'hasOtherDesks'>,
  notices: readonly Notice[],
): Promise<void> {
  if (!hasOtherDesks) return
  const created_at = timestamp(clock.now() * 1000)
  const ids = notices.map(({ id }) => id)
  await db.deleteFrom('support_notices').where('id', 'in', ids).execute()
  await db
    .insertInto('support_notices')
    .values(
      notices.map(({ id, stream, event }) => ({ id, event: JSON.stringify({ stream, event }), created_at })),
    )
    .execute()
}

export async function forgetNotices({ db }: Pick<Store, 'db'>, now: number): Promise<void> {
  await db
    .deleteFrom('support_notices')
    .where('created_at', '<', timestamp((now - KEPT_MS) * 1000))
    .execute()
}

export async function noticesSince(
  { db }: Pick<Store, 'db'>,
  since: Timestamp,
): Promise<(Notice & { createdAt: Timestamp })[]> {
  const rows = await db
    .selectFrom('support_notices')
    .selectAll()
    .where('created_at', '>', since)
    .orderBy('created_at')
    .execute()
  // What a desk wrote a desk may read; an event of a newer version is told like any other.
  return rows.map(({ id, event, created_at: createdAt }) => ({
    ...{ id, createdAt },
    ...(JSON.parse(event) as DeskEvent),
  }))
}
