import type { SupportChatListItem } from '@deskbell/protocol'
import type { QueryClient } from '@tanstack/react-query'
import { API, call } from '../desk/call.ts'
import type { NewsDesk } from './news.ts'
import type { InboxRow } from './rows.ts'

export interface Archiving {
  /** As it was when it was clicked, which for an undo is some time ago. */
  row: InboxRow
  isArchived: boolean
}

/** What was shown before the desk answered, and since which news. */
interface Told {
  before: InboxRow
  position: number
}

/** Puts a chat aside or brings it back: in the list at once, and as the desk says once it has answered. */
export function archiving(news: NewsDesk, queries: QueryClient) {
  const heard = (id: string) => news.getSnapshot().rows.get(id)
  // What was heard since is newer than any answer, and follows the order of the desk.
  const isLatest = ({ before, position }: Told) => heard(before.id)?.position === position
  return {
    mutationFn: ({ row, isArchived }: Archiving) =>
      call<SupportChatListItem>(`${API}/admin/chats/${row.id}/${isArchived ? 'archive' : 'unarchive'}`, {
        method: 'POST',
      }),
    onMutate({ row, isArchived }: Archiving): Told {
      const known = heard(row.id)?.row
      const before = known && known.messageCount > row.messageCount ? known : row
      news.tell({ ...before, isArchived })
      return { before, position: news.getSnapshot().position }
    },
    // A change that somebody had made before is told by the answer only.
    onSuccess(chat: SupportChatListItem, _: Archiving, told: Told) {
      if (isLatest(told)) news.hear({ type: 'chat_updated', chat })
    },
    onError(_: Error, { isArchived }: Archiving, told: Told | undefined) {
      if (told && isLatest(told)) news.tell({ ...told.before, isArchived: !isArchived })
      // The desk may have done it all the same.
      void queries.invalidateQueries({ queryKey: ['chats'] })
    },
  }
}
