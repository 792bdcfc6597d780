import { DeskbellError, type SupportUser, type Traits } from '@deskbell/protocol'
import { VISITOR_ID_PREFIX } from '../identity/caller.ts'
import type { Store } from '../store/store.ts'

/** A user or visitor as admins see them, by the desk's own id. Throws `not_found`. */
export async function findUser({ db }: Store, userId: string): Promise<SupportUser> {
  const row = await db
    .selectFrom('support_users')
    .leftJoin('support_chats', 'support_chats.user_id', 'support_users.id')
    .select(['support_users.id', 'external_id', 'email', 'name', 'traits', 'support_users.created_at'])
    .select('support_chats.last_seq')
    .where('support_users.id', '=', userId)
    .executeTakeFirst()
  if (row === undefined) throw new DeskbellError('not_found', 'There is no such user.')
  return {
    id: row.id,
    external_id: row.external_id,
    email: row.email,
    name: row.name,
    is_visitor: row.external_id.startsWith(VISITOR_ID_PREFIX),
    first_seen_at: row.created_at,
    // Only ever written by us, from what fits.
    traits: row.traits === null ? {} : (JSON.parse(row.traits) as Traits),
    message_count: row.last_seq ?? 0,
  }
}
