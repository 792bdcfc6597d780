import type { SupportUser } from '@deskbell/protocol'
import { findOwn, listItem } from '../chats/chat.ts'
import { userHistory } from '../messages/history.ts'
import type { Store } from '../store/store.ts'

/** Messages that are in memory at a time. */
const PAGE = 500

/** All that is kept on a user, as the pieces of one JSON text; messages are read while the pieces are taken. */
export async function* exportUser(
  store: Store,
  user: SupportUser,
  exportedAt: string,
): AsyncGenerator<Uint8Array> {
  const chat = await findOwn(store, user.external_id)
  const head = { exported_at: exportedAt, user, chat: chat === undefined ? null : listItem(chat) }
  yield Buffer.from(`${JSON.stringify(head).slice(0, -1)},"messages":[`)
  for (let after = 0, hasMore = chat !== undefined; hasMore && chat !== undefined; ) {
    const page = await userHistory(store).after(chat.id, after, PAGE)
    const piece = page.messages.map((message) => JSON.stringify(message)).join(',')
    yield Buffer.from(after > 0 && piece !== '' ? `,${piece}` : piece)
    after = page.messages.at(-1)?.seq ?? after
    hasMore = page.hasMore
  }
  yield Buffer.from(']}')
}
