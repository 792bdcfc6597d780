import type { ClientMessage, Conversation, ConversationSnapshot } from '@deskbell/client'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

const AT_END_PX = 48
const NEAR_TOP_PX = 160

/** What the log held when it was last laid out. */
interface Before {
  first: ClientMessage | undefined
  /** The newest message of the user's own that is on its way. */
  written: string | null | undefined
  /** The newest reply; null before anything was laid out. */
  replySeq: number | null
  height: number
}

/**
 * Where the reader is in the log: new messages come into view only at the end, older ones are put above without a
 * jump, and only what was at the end of a visible page counts as read (P5).
 */
export function useScroll(
  chat: Conversation,
  { messages, hasOlder }: ConversationSnapshot,
  isShown: boolean,
) {
  const ref = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const before = useRef<Before>({ first: undefined, written: undefined, replySeq: null, height: 0 })
  const [hasNewBelow, setHasNewBelow] = useState(false)

  const markShown = () => {
    if (isShown && isAtEnd.current && document.visibilityState === 'visible') chat.markRead()
  }
  const toEnd = (behavior: ScrollBehavior) => {
    ref.current?.scrollTo({ top: ref.current.scrollHeight, behavior })
  }

  useLayoutEffect(() => {
    const log = ref.current
    if (!log) return
    const { first, written, replySeq, height } = before.current
    const now = {
      first: messages[0],
      written: messages.findLast(({ state }) => state === 'sending')?.clientId,
      replySeq: messages.findLast(({ senderType }) => senderType === 'admin')?.seq ?? 0,
    }
    const hasWritten = now.written !== undefined && now.written !== written
    const hasReply = replySeq !== null && now.replySeq > replySeq
    if (now.first !== first && !isAtEnd.current)
      log.scrollBy({ top: log.scrollHeight - height, behavior: 'instant' })
    if (isAtEnd.current || hasWritten) toEnd('instant')
    else if (hasReply) setHasNewBelow(true)
    before.current = { ...now, height: log.scrollHeight }
    markShown()
  }) // also when nothing has changed but the page that it stands in: a log that is moved is at its beginning

  useEffect(() => {
    const log = ref.current
    if (!isShown || !log) return
    // The panel may become lower, and what it holds higher, without a message.
    const resized = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd('instant')
      before.current.height = log.scrollHeight
    })
    for (const box of [log, ...log.children]) resized.observe(box)
    document.addEventListener('visibilitychange', markShown)
    return () => {
      resized.disconnect()
      document.removeEventListener('visibilitychange', markShown)
    }
  }, [isShown, chat])

  const onScroll = () => {
    const log = ref.current
    if (!log) return
    isAtEnd.current = log.scrollHeight - log.scrollTop - log.clientHeight < AT_END_PX
    if (isAtEnd.current) {
      setHasNewBelow(false)
      markShown()
    }
    if (hasOlder && log.scrollTop < NEAR_TOP_PX) void chat.loadOlder()
  }
  return {
    ref,
    hasNewBelow,
    onScroll,
    toEnd() {
      toEnd('auto') // as the style sheet says: smoothly, where motion is welcome
      ref.current?.focus({ preventScroll: true }) // the button that was pressed goes away
    },
  }
}
