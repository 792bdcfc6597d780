import type { SupportMessage, SupportNotification, SupportUser } from '@deskbell/protocol'
import { findOwn, listItem } from '../chats/chat.ts'
import { userHistory } from '../messages/history.ts'
import { notificationsAfter } from '../notifications/decisions.ts'
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
  if (chat !== undefined) {
    yield* elements<SupportMessage>(async (last) => {
      const { messages } = await userHistory(store).after(chat.id, last?.seq ?? 0, PAGE)
      return messages
    })
  }
  yield Buffer.from('],"notifications":[')
  if (chat !== undefined) {
    yield* elements<SupportNotification>((last) => notificationsAfter(store, chat.id, last, PAGE))
  }
  yield Buffer.from(']}')
}

/** The inside of a JSON array, a page at a time. */
async function* elements<T>(pageAfter: (last: T | null) => Promise<T[]>): AsyncGenerator<Uint8Array> {
  let last: T | null = null
  for (;;) {
    const page: T[] = await pageAfter(last)
    if (page.length === 0) return
    const piece = page.map((element) => JSON.stringify(element)).join(',')
    yield Buffer.from(last === null ? piece : `,${piece}`)
    last = page.at(-1) ?? null
  }
}
