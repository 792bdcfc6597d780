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

/** `messagesAfter` of one store; the same function for everyone who follows a chat. */
export const readerOf = once(
  (store: Store) => (chatId: string, seq: number, limit: number) => messagesAfter(store, chatId, seq, limit),
)

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
  // Times grow with seq and seqs have no gaps, so the place is found by halving: sixteen rows in a chat of 60,000,
  // and one index less to keep at each insert.
  const { lastSeq, timeOf } = queries(store)
  let [low, high] = [0, (await lastSeq.run(store.db, { chatId }))[0]?.last_seq ?? 0]
  while (low < high) {
    const seq = Math.ceil((low + high) / 2)
    const [row] = await timeOf.run(store.db, { chatId, seq })
    if (row !== undefined && row.created_at <= time) low = seq
    else high = seq - 1
  }
  return await messagesAfter(store, chatId, low, limit)
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
    lastSeq: prepare(({ chatId }: { chatId: string }) =>
      store.db.selectFrom('support_chats').select('last_seq').where('id', '=', chatId),
    ),
    timeOf: prepare(({ chatId, seq }: { chatId: string; seq: number }) =>
      store.db
        .selectFrom('support_messages')
        .select('created_at')
        .where('chat_id', '=', chatId)
        .where('seq', '=', seq),
    ),
  }
})
