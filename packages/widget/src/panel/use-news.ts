import type { ClientMessage, ConversationSnapshot } from '@deskbell/client'
import { useRef } from '../view/hooks.ts'

const NONE: readonly ClientMessage[] = []

/** The replies that arrived since the last look: the same array until more arrive. What was there at first is none. */
export function useNews({ phase, messages }: ConversationSnapshot): readonly ClientMessage[] {
  const known = useRef<number | null>(null)
  const news = useRef(NONE)
  const last = messages.findLast(({ seq }) => seq !== null)?.seq ?? 0
  if (phase === 'ready' && known.current === null) known.current = last
  if (known.current !== null && last > known.current) {
    const since = known.current
    const arrived = messages.filter(({ seq, senderType }) => senderType === 'admin' && (seq ?? 0) > since)
    if (arrived.length > 0) news.current = arrived
    known.current = last
  }
  return news.current
}
