import type { NotificationReason } from '@deskbell/protocol'
import { sql, type Transaction } from 'kysely'
import { type Chat, selectChats } from '../chats/chat.ts'
import type { Engine } from '../engine.ts'
import type { MessageRow } from '../messages/message.ts'
import type { Database, Timestamp } from '../store/schema.ts'
import { micros, timestamp } from '../store/time.ts'
import { addressKey, isMailable } from './address.ts'
import { later, type NotificationRow, now } from './outbox.ts'
import { refusalOf } from './suppressions.ts'

/** Mails to one address in an hour, whatever chats they are about. */
export const MAILS_PER_HOUR = 6
export const HOUR_MS = 3_600_000
/** Messages that a mail shows. */
const SHOWN = 3

/** What a mail is made of, as it is when it is sent. */
export interface Letter {
  chat: Chat
  locale: string | null
  address: string
  fromSeq: number
  throughSeq: number
  unreadCount: number
  /** The last messages of the chat, ascending. */
  messages: MessageRow[]
}

/** What the rules make of a pending row whose time has come. */
export type Verdict =
  | { type: 'skip'; reason: NotificationReason; fromSeq: number; throughSeq: number; address: string | null }
  | { type: 'wait'; reason: NotificationReason | null; fromSeq: number; dueAt: Timestamp }
  | { type: 'mail'; letter: Letter }

/** Whether someone has the chat of this id before their eyes. */
export type IsLooking = (chatId: string) => boolean

/** Judges a pending row under its chat's lock, by what is unread now. */
export async function judge(
  engine: Engine,
  trx: Transaction<Database>,
  row: NotificationRow,
  isLooking: IsLooking,
): Promise<Verdict> {
  const chat = await selectChats(trx).where('support_chats.id', '=', row.chat_id).executeTakeFirstOrThrow()
  const user = await trx
    .selectFrom('support_users')
    .select(['locale', 'unsubscribed_at'])
    .where('id', '=', chat.user_id)
    .executeTakeFirstOrThrow()
  const { first, lastSeq, unreadCount } = await repliesOf(trx, chat, row.from_seq)
  const skip = (reason: NotificationReason, fromSeq: number): Verdict => ({
    type: 'skip',
    reason,
    fromSeq,
    throughSeq: lastSeq,
    address: chat.user_email,
  })
  if (first === undefined) return skip('read', row.from_seq)
  const fromSeq = first.seq
  const wait = (reason: NotificationReason | null, dueAt: Timestamp): Verdict => ({
    type: 'wait',
    reason,
    fromSeq,
    dueAt,
  })
  const periodMs = engine.notifyAfterMs ?? 0
  const at = now(engine)
  // Times grow within a chat by microseconds that no clock counted.
  const since = timestamp(Math.floor(micros(first.created_at) / 1000) * 1000)
  const ownTime = later(since, periodMs)
  // A reply that seems to come from the future was written before the clock was set back: it has waited.
  if (since <= at && ownTime > at) return wait(row.reason, ownTime)

  if (chat.archived_at !== null) return skip('archived', fromSeq)
  if (user.unsubscribed_at !== null) return skip('unsubscribed', fromSeq)
  const address = chat.user_email
  if (!isMailable(address)) return skip('no_address', fromSeq)
  if ((await refusalOf(trx, address)) !== null) return skip('suppressed', fromSeq)
  // Once: someone who looks without reading is told, too.
  if (row.reason !== 'looking' && isLooking(chat.id)) return wait('looking', later(at, periodMs))
  const allowedAt = await nextAllowed(trx, address, at)
  if (allowedAt !== null) return wait('limited', allowedAt)

  const messages = await lastMessages(trx, chat, lastSeq)
  const letter = { chat, locale: user.locale, address, fromSeq, throughSeq: lastSeq, unreadCount, messages }
  return { type: 'mail', letter }
}

/** The replies that a row is about: the first unread one, if any, the last one, and how many are unread in all. */
async function repliesOf(trx: Transaction<Database>, chat: Chat, fromSeq: number) {
  const replies = () =>
    trx.selectFrom('support_messages').where('chat_id', '=', chat.id).where('sender_type', '=', 'admin')
  const first = await replies()
    .select(['seq', 'created_at'])
    .where('seq', '>=', Math.max(fromSeq, chat.user_read_seq + 1))
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  const { last, unread } = await replies()
    .select((count) => [
      count.fn.max('seq').as('last'),
      count.fn
        .sum<number | string>(
          count.case().when('seq', '>', chat.user_read_seq).then(sql.lit(1)).else(sql.lit(0)).end(),
        )
        .as('unread'),
    ])
    .where('seq', '>=', Math.min(fromSeq, chat.user_read_seq + 1))
    .executeTakeFirstOrThrow()
  return { first, lastSeq: last ?? fromSeq, unreadCount: Number(unread) }
}

/** When the next mail may go to an address that has had its share of the hour; null when that is now. */
async function nextAllowed(
  trx: Transaction<Database>,
  address: string,
  at: Timestamp,
): Promise<Timestamp | null> {
  const hourAgo = timestamp(micros(at) - HOUR_MS * 1000)
  const sent = await trx
    .selectFrom('support_notifications')
    .select('decided_at')
    .where('address', '=', addressKey(address))
    .where('decided_at', '>', hourAgo)
    .where('decided_at', '<=', at)
    .where('state', '=', 'sent')
    .orderBy('decided_at', 'desc')
    .limit(MAILS_PER_HOUR)
    .execute()
  const oldest = sent[MAILS_PER_HOUR - 1]?.decided_at
  return oldest === undefined || oldest === null ? null : later(oldest, HOUR_MS)
}

async function lastMessages(
  trx: Transaction<Database>,
  chat: Chat,
  throughSeq: number,
): Promise<MessageRow[]> {
  const rows = await trx
    .selectFrom('support_messages')
    .selectAll()
    .where('chat_id', '=', chat.id)
    .where('seq', '<=', throughSeq)
    .orderBy('seq', 'desc')
    .limit(SHOWN)
    .execute()
  return rows.reverse()
}
