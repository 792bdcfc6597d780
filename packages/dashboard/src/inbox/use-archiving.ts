import { useMutation } from '@tanstack/react-query'
import { API, call } from '../desk/call.ts'
import { useDesk } from '../desk/desk.ts'
import { useToast } from '../toasts/toasts.tsx'
import { useWords } from '../words/words.ts'
import type { InboxRow } from './rows.ts'

interface Change {
  row: InboxRow
  isArchived: boolean
  /** Whether this takes an earlier change back. */
  isUndo: boolean
}

/** Puts a chat aside or brings it back: at once on the screen, with a way back in either case. */
export function useArchiving(): { archive(row: InboxRow): void; restore(row: InboxRow): void } {
  const { news } = useDesk()
  const words = useWords().toasts
  const toast = useToast()
  const change = useMutation({
    mutationFn: ({ row, isArchived }: Change) =>
      call(`${API}/admin/chats/${row.id}/${isArchived ? 'archive' : 'unarchive'}`, { method: 'POST' }),
    onMutate: ({ row, isArchived }) => news.tell({ ...row, isArchived }),
    onSuccess: (_, { row, isArchived, isUndo }) => {
      const undo = { row, isArchived: !isArchived, isUndo: true }
      toast({
        text: isArchived ? words.archived : words.restored,
        tone: 'done',
        ...(!isUndo && { action: { label: words.undo, run: () => change.mutate(undo) } }),
      })
    },
    onError: (_, failed) => {
      const { row, isArchived } = failed
      news.tell({ ...(news.getSnapshot().rows.get(row.id)?.row ?? row), isArchived: !isArchived })
      toast({
        text: isArchived ? words.archiveFailed : words.restoreFailed,
        tone: 'failed',
        action: { label: words.retry, run: () => change.mutate(failed) },
      })
    },
  })
  return {
    archive: (row) => row.isArchived || change.mutate({ row, isArchived: true, isUndo: false }),
    restore: (row) => row.isArchived && change.mutate({ row, isArchived: false, isUndo: false }),
  }
}
