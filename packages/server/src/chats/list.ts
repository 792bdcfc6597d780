import { DeskbellError, type SupportChatListItem } from '@deskbell/protocol'
import type { Store } from '../store/store.ts'
import { isTimestamp } from '../store/time.ts'
import { type Chat, listItem, selectChats } from './chat.ts'

/** One page of the admins' list; `next` is the cursor of the following one. */
export interface ChatPage {
  items: SupportChatListItem[]
  next: string | null
}

/** Where the page before ended. A chat without a message has no time and comes after all others. */
interface Position {
  at: string | null
  id: string
}

/** Lists the active or the archived chats, newest message first, `limit` at a time. */
export async function list(
  store: Store,
  page: { archived: boolean; limit: number; cursor: string | null },
): Promise<ChatPage> {
  const after = page.cursor === null ? null : parseCursor(page.cursor)
  const wanted = page.limit + 1 // the extra row tells a full page from the end
  const chats = after !== null && after.at === null ? [] : await spoken(store, page.archived, after, wanted)
  if (chats.length < wanted) {
    const rest = await silent(
      store,
      page.archived,
      after?.at === null ? after.id : null,
      wanted - chats.length,
    )
    chats.push(...rest)
  }
  const shown = chats.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    items: shown.map(listItem),
    next: chats.length > page.limit && last !== undefined ? cursorAfter(last) : null,
  }
}

function spoken(store: Store, archived: boolean, after: Position | null, limit: number): Promise<Chat[]> {
  let query = selectChats(store.db)
    .where('archived', '=', archived ? 1 : 0)
    .where('last_message_at', 'is not', null)
  if (after?.at != null) {
    const { at, id } = after
    // The first condition is implied by the second; it is what lets the index find the place.
    query = query
      .where('last_message_at', '<=', at)
      .where((is) =>
        is.or([
          is('last_message_at', '<', at),
          is.and([is('last_message_at', '=', at), is('support_chats.id', '<', id)]),
        ]),
      )
  }
  return query.orderBy('last_message_at', 'desc').orderBy('support_chats.id', 'desc').limit(limit).execute()
}

function silent(store: Store, archived: boolean, afterId: string | null, limit: number): Promise<Chat[]> {
  let query = selectChats(store.db)
    .where('archived', '=', archived ? 1 : 0)
    .where('last_message_at', 'is', null)
  if (afterId !== null) query = query.where('support_chats.id', '<', afterId)
  return query.orderBy('support_chats.id', 'desc').limit(limit).execute()
}

function cursorAfter({ last_message_at, id }: Chat): string {
  return Buffer.from(JSON.stringify([last_message_at, id])).toString('base64url')
}

function parseCursor(cursor: string): Position {
  try {
    const [at, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if ((at === null || isTimestamp(at)) && typeof id === 'string' && !id.includes('\0')) return { at, id }
  } catch {
    // Falls through: whatever it is, it is not a cursor of ours.
  }
  throw new DeskbellError('invalid', 'cursor must be one that a Link header gave.')
}
