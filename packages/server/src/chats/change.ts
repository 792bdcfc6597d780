import { ADMIN_STREAM } from '@deskbell/protocol'
import type { Transaction, Updateable } from 'kysely'
import type { DeskEvent, Engine } from '../engine.ts'
import type { ChatTable, Database } from '../store/schema.ts'
import { timestamp } from '../store/time.ts'
import { transaction } from '../store/transaction.ts'
import { type Chat, listItem, notFound, selectChats } from './chat.ts'

/** What a rule wants of a locked chat: new columns and the events to tell, or nothing at all. */
export interface Change {
  set: Updateable<ChatTable>
  /** What to tell once it is committed, of the chat as it is then. */
  events: (changed: Chat) => DeskEvent[]
  /** More of the same transaction. */
  also?: (trx: Transaction<Database>) => Promise<void>
}

/** Changes one chat under its lock; `decide` returns null when nothing is to do. */
export async function changeChat(
  engine: Engine,
  chatId: string,
  decide: (chat: Chat, at: string) => Change | null,
): Promise<Chat> {
  const { store } = engine
  let change: Change | null = null
  const { chat, events } = await transaction(store, async (trx) => {
    await lockChats(engine, trx, [chatId])
    const chat = await selectChats(trx).where('support_chats.id', '=', chatId).executeTakeFirst()
    if (chat === undefined) throw notFound()
    const at = timestamp(engine.clock.now() * 1000)
    const next = decide(chat, at)
    // Nothing is left to do also where a COMMIT got no answer and this is the next attempt: what it did is to be told.
    if (next === null) return { chat, events: change?.events(chat) ?? [] }
    change = next
    const set = { ...change.set, updated_at: at }
    await trx.updateTable('support_chats').set(set).where('id', '=', chatId).execute()
    await change.also?.(trx)
    const changed: Chat = { ...chat, ...(set as Partial<Chat>) }
    return { chat: changed, events: change.events(changed) }
  })
  if (events.length > 0) engine.publish(events)
  return chat
}

/** Tells the admins' list that a row is different now. */
export function chatUpdated(chat: Chat): DeskEvent {
  return { stream: ADMIN_STREAM, event: { type: 'chat_updated', chat: listItem(chat) } }
}

/** Locks chats in id order, so that two transactions never wait for each other. */
export async function lockChats(
  { store }: Pick<Engine, 'store'>,
  trx: Transaction<Database>,
  chatIds: readonly string[],
): Promise<void> {
  if (!store.dialect.rowLocks) return
  await trx
    .selectFrom('support_chats')
    .select('id')
    .where('id', 'in', chatIds)
    .orderBy('id')
    .forUpdate()
    .execute()
}
