import type { MailRefusal } from '@deskbell/protocol'
import { type Kysely, sql } from 'kysely'
import type { Engine } from '../engine.ts'
import type { Database, Timestamp } from '../store/schema.ts'
import { addressKey } from './address.ts'
import { mailChanged } from './unsubscribe.ts'

/** How an address refused a mail for good; null if it did not. */
export async function refusalOf(db: Kysely<Database>, address: string): Promise<MailRefusal | null> {
  const row = await db
    .selectFrom('support_mail_suppressions')
    .select(['detail', 'created_at as at'])
    .where('address', '=', addressKey(address))
    .executeTakeFirst()
  return row ?? null
}

/** Sends nothing to an address any more; `detail` is how it refused. */
export async function suppress(
  db: Kysely<Database>,
  { address, detail, at }: { address: string; detail: string; at: Timestamp },
): Promise<void> {
  await allow(db, address)
  await db
    .insertInto('support_mail_suppressions')
    .values({ address: addressKey(address), detail, created_at: at })
    .execute()
}

/** Sends to an address again, and tells admins in whose chats that is news. Tells whether it was suppressed. */
export async function allowAgain(
  { store, publish }: Pick<Engine, 'store' | 'publish'>,
  address: string,
): Promise<boolean> {
  if (!(await allow(store.db, address))) return false
  const chats = await store.db
    .selectFrom('support_chats')
    .innerJoin('support_users', 'support_users.id', 'support_chats.user_id')
    .select('support_chats.id')
    .where(sql`lower(support_users.email)`, '=', addressKey(address))
    .execute()
  publish(chats.map(({ id }) => mailChanged(id)))
  return true
}

/** Forgets that an address refused. Tells whether it had. */
export async function allow(db: Kysely<Database>, address: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('support_mail_suppressions')
    .where('address', '=', addressKey(address))
    .executeTakeFirst()
  return numDeletedRows > 0n
}
