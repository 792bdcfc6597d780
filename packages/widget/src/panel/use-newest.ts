import type { ClientMessage } from '@deskbell/client'
import { useMemo, useRef, useState } from '../view/hooks.ts'

/** More than fills a panel of the usual height. */
const FIRST = 16

/** What of the log is drawn. */
export interface Newest {
  newest: readonly ClientMessage[]
  /** Whether there are messages above them. */
  hasRest: boolean
  /** Draws those, if there are any by now. */
  drawRest(): void
}

/**
 * The messages to draw: opening a long chat draws the newest ones and all from the first unread one on, which takes
 * a third of the time; whatever arrives later joins them. The rest is drawn when someone looks for it.
 */
export function useNewest(messages: readonly ClientMessage[]): Newest {
  const [isRestWanted, setIsRestWanted] = useState(false)
  const { length } = messages
  const undrawn = useRef<number | null>(null)
  const unread = messages.findIndex(({ senderType, readAt }) => senderType === 'admin' && readAt === null)
  const old = Math.min(Math.max(0, length - FIRST), unread < 0 ? length : unread)
  const most = isRestWanted ? 0 : old
  // Nothing that was drawn goes away again.
  undrawn.current = length ? Math.min(undrawn.current ?? most, most) : null
  const from = undrawn.current ?? 0
  return {
    newest: useMemo(() => messages.slice(from), [messages, from]),
    hasRest: from > 0,
    drawRest() {
      if (undrawn.current) setIsRestWanted(true)
    },
  }
}
