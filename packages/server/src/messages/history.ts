import type { SupportMessage } from '@deskbell/protocol'
import { once } from '../store/once.ts'
import { prepare } from '../store/prepared.ts'
import type { Store } from '../store/store.ts'
import { type MessageRow, message } from './message.ts'

/** Messages in ascending order, and whether there are more in the direction that was asked for. */
export interface Page {
  messages: SupportMessage[]
  hasMore: boolean
}

/** The newest messages of a chat. */
export async function newest(store: Store, chatId: string, limit: number): Promise<Page> {
  return await messagesBefore(store, chatId, Number.MAX_SAFE_INTEGER, limit)
}

/** The first messages after `seq`. */
export async function messagesAfter(store: Store, chatId: string, seq: number, limit: number): Promise<Page> {
  return page(await queries(store).after.run(store.db, { chatId, seq, limit: limit + 1 }), limit)
}

/** The last messages before `seq`. */
export async function messagesBefore(
  store: Store,
  chatId: string,
  seq: number,
  limit: number,
): Promise<Page> {
  const { messages, hasMore } = page(
    await queries(store).before.run(store.db, { chatId, seq, limit: limit + 1 }),
    limit,
  )
  return { messages: messages.reverse(), hasMore }
}

/** The first messages created later than `time`, itself not included. */
export async function messagesSince(
  store: Store,
  chatId: string,
  time: string,
  limit: number,
): Promise<Page> {
  // Times grow with seq, so the last message up to `time` marks the place: no index by time is needed,
  // and looking for it from the newest end reads no more rows than the answer has.
  const [place] = await queries(store).lastUntil.run(store.db, { chatId, time })
  return await messagesAfter(store, chatId, place?.seq ?? 0, limit)
}

// Each query asks for one row too many: it tells a full page from the end.
function page(rows: MessageRow[], limit: number): Page {
  return { messages: rows.slice(0, limit).map(message), hasMore: rows.length > limit }
}

const queries = once((store: Store) => {
  const messages = () => store.db.selectFrom('support_messages').selectAll()
  type BySeq = { chatId: string; seq: number; limit: number }
  return {
    after: prepare(({ chatId, seq, limit }: BySeq) =>
      messages().where('chat_id', '=', chatId).where('seq', '>', seq).orderBy('seq').limit(limit),
    ),
    before: prepare(({ chatId, seq, limit }: BySeq) =>
      messages().where('chat_id', '=', chatId).where('seq', '<', seq).orderBy('seq', 'desc').limit(limit),
    ),
    lastUntil: prepare(({ chatId, time }: { chatId: string; time: string }) =>
      store.db
        .selectFrom('support_messages')
        .select('seq')
        .where('chat_id', '=', chatId)
        .where('created_at', '<=', time)
        .orderBy('seq', 'desc')
        .limit(1),
    ),
  }
})
