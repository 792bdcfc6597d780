import { createHmac, timingSafeEqual } from 'node:crypto'
import { ADMIN_STREAM, DeskbellError } from '@deskbell/protocol'
import type { DeskEvent, Engine } from '../engine.ts'
import { derivedSecret } from '../identity/keys.ts'
import { now } from './outbox.ts'

/** Signs what stands in unsubscribe links. Such a key can do nothing else, and never expires: old mails keep theirs. */
export interface UnsubscribeKeys {
  /** The key of a user, by the desk's id of them. */
  keyOf(userId: string): string
  /** The desk's id of the user whose key it is; null for anything else. */
  userOf(key: string): string | null
}

export function unsubscribeKeys(secret: string): UnsubscribeKeys {
  const signing = derivedSecret(secret, 'unsubscribe')
  const sign = (userId: string) => createHmac('sha256', signing).update(userId).digest()
  return {
    keyOf: (userId) => `${userId}.${sign(userId).toString('base64url')}`,
    userOf(key) {
      const [userId = '', signature = ''] = key.split('.')
      const [given, expected] = [Buffer.from(signature, 'base64url'), sign(userId)]
      return given.length === expected.length && timingSafeEqual(given, expected) ? userId : null
    },
  }
}

/** Whether a user is e-mailed about replies, and in which language; null when there is nobody of this id. */
export async function subscriptionOf(
  { store }: Pick<Engine, 'store'>,
  userId: string,
): Promise<{ isSubscribed: boolean; locale: string | null } | null> {
  const user = await store.db
    .selectFrom('support_users')
    .select(['unsubscribed_at', 'locale'])
    .where('id', '=', userId)
    .executeTakeFirst()
  return user === undefined ? null : { isSubscribed: user.unsubscribed_at === null, locale: user.locale }
}

/** Stops e-mails to a user. Repeating it changes nothing. Throws `not_found` when there is nobody of this id. */
export async function unsubscribe(
  engine: Pick<Engine, 'store' | 'clock' | 'publish'>,
  userId: string,
): Promise<void> {
  const known = await subscriptionOf(engine, userId)
  if (known === null) throw new DeskbellError('not_found', 'There is no such user.')
  if (known.isSubscribed) await set(engine, userId, now(engine))
}

/** E-mails a user again. Throws `not_found` when there is nobody of this id. */
export async function resubscribe(
  engine: Pick<Engine, 'store' | 'clock' | 'publish'>,
  userId: string,
): Promise<void> {
  const known = await subscriptionOf(engine, userId)
  if (known === null) throw new DeskbellError('not_found', 'There is no such user.')
  if (!known.isSubscribed) await set(engine, userId, null)
}

/** Tells admins to look again at whether the user of a chat is e-mailed. */
export function mailChanged(chatId: string): DeskEvent {
  return { stream: ADMIN_STREAM, event: { type: 'user_mail_changed', chat_id: chatId } }
}

async function set(
  { store, publish }: Pick<Engine, 'store' | 'publish'>,
  userId: string,
  at: string | null,
): Promise<void> {
  const change = store.db.updateTable('support_users').set({ unsubscribed_at: at })
  await change.where('id', '=', userId).execute()
  const chats = store.db.selectFrom('support_chats').select('id').where('user_id', '=', userId)
  publish((await chats.execute()).map(({ id }) => mailChanged(id)))
}
