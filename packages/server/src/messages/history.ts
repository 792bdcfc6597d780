import type { SenderType, SupportMessage } from '@deskbell/protocol'
import { once } from '../store/once.ts'
import { prepare } from '../store/prepared.ts'
import type { Store } from '../store/store.ts'
import { adminMessage, type MessageRow, message } from './message.ts'

/** Messages in ascending order, and whether there are more in the direction that was asked for. */
export interface Page {
  messages: SupportMessage[]
  hasMore: boolean
}

/** The log of each chat, as those at one side of it may read it: at most `limit` messages at a time. */
export interface History {
  readonly side: SenderType
  newest(chatId: string, limit: number): Promise<Page>
  /** The first messages after `seq`. */
  after(chatId: string, seq: number, limit: number): Promise<Page>
  /** The last messages before `seq`. */
  before(chatId: string, seq: number, limit: number): Promise<Page>
  /** The first messages created later than `time`, itself not included. */
  since(chatId: string, time: string, limit: number): Promise<Page>
}

export const userHistory = once((store: Store) => historyOf(store, 'user', message))
export const adminHistory = once((store: Store) => historyOf(store, 'admin', adminMessage))

function historyOf(store: Store, side: SenderType, shown: (row: MessageRow) => SupportMessage): History {
  // Each query asks for one row too many: it tells a full page from the end.
  const page = (rows: MessageRow[], limit: number): Page => ({
    messages: rows.slice(0, limit).map(shown),
    hasMore: rows.length > limit,
  })
  const history: History = {
    side,
    newest: (chatId, limit) => history.before(chatId, Number.MAX_SAFE_INTEGER, limit),
    async after(chatId, seq, limit) {
      return page(await queries(store).after.run(store.db, { chatId, seq, limit: limit + 1 }), limit)
    },
    async before(chatId, seq, limit) {
      const rows = await queries(store).before.run(store.db, { chatId, seq, limit: limit + 1 })
      const { messages, hasMore } = page(rows, limit)
      return { messages: messages.reverse(), hasMore }
    },
    since: async (chatId, time, limit) => history.after(chatId, await lastUpTo(store, chatId, time), limit),
  }
  return history
}

/** The seq of the last message that is not later than `time`; 0 when there is none. */
async function lastUpTo(store: Store, chatId: string, time: string): Promise<number> {
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
  return low
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
