import { DeskbellError, type SupportUser, type Traits } from '@deskbell/protocol'
import { VISITOR_ID_PREFIX } from '../identity/caller.ts'
import { refusalOf } from '../notifications/suppressions.ts'
import type { Store } from '../store/store.ts'

/** A user or visitor as admins see them, by the desk's own id. Throws `not_found`. */
export async function findUser({ db }: Store, userId: string): Promise<SupportUser> {
  const row = await db
    .selectFrom('support_users')
    .leftJoin('support_chats', 'support_chats.user_id', 'support_users.id')
    .select(['support_users.id', 'external_id', 'email', 'name', 'traits', 'locale', 'unsubscribed_at'])
    .select(['support_users.created_at', 'support_chats.last_seq'])
    .where('support_users.id', '=', userId)
    .executeTakeFirst()
  if (row === undefined) throw new DeskbellError('not_found', 'There is no such user.')
  const { id, external_id, email, name, locale, unsubscribed_at } = row
  return {
    ...{ id, external_id, email, name },
    is_visitor: external_id.startsWith(VISITOR_ID_PREFIX),
    first_seen_at: row.created_at,
    // Only ever written by us, from what fits.
    traits: row.traits === null ? {} : (JSON.parse(row.traits) as Traits),
    ...{ locale, unsubscribed_at },
    mail_refusal: email === null ? null : await refusalOf(db, email),
    message_count: row.last_seq ?? 0,
  }
}
