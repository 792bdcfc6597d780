import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useDesk } from '../desk/desk.ts'
import { useToast } from '../toasts/toasts.tsx'
import { useWords } from '../words/words.ts'
import { type Archiving, archiving } from './archiving.ts'
import type { InboxRow } from './rows.ts'

interface Change extends Archiving {
  /** Whether this takes an earlier change back. */
  isUndo: boolean
}

/** Puts a chat aside or brings it back: at once on the screen, with a way back in either case. */
export function useArchiving(): { archive(row: InboxRow): void; restore(row: InboxRow): void } {
  const { news } = useDesk()
  const words = useWords().toasts
  const toast = useToast()
  const own = archiving(news, useQueryClient())
  const change = useMutation({
    ...own,
    onSuccess(chat, done: Change, told) {
      own.onSuccess(chat, done, told)
      const { row, isArchived, isUndo } = done
      const undo = { row, isArchived: !isArchived, isUndo: true }
      toast({
        text: isArchived ? words.archived : words.restored,
        tone: 'done',
        ...(!isUndo && { action: { label: words.undo, run: () => change.mutate(undo) } }),
      })
    },
    onError(error, failed: Change, told) {
      own.onError(error, failed, told)
      toast({
        text: failed.isArchived ? words.archiveFailed : words.restoreFailed,
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
