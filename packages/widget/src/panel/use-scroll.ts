import type { ClientMessage, Conversation } from '@deskbell/client'
import { useEffect, useRef, useState } from '../view/hooks.ts'
import type { Newest } from './use-newest.ts'

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
  top: number
}

/**
 * Where the reader is in the log: new messages come into view only at the end, older ones are put above without a
 * jump, and only what was at the end of a visible page counts as read (P5).
 */
export function useScroll(
  chat: Conversation,
  { newest, hasRest, drawRest }: Newest,
  hasOlder: boolean,
  isShown: boolean,
  isSeen: boolean,
) {
  const ref = useRef<HTMLDivElement | null>(null)
  const isAtEnd = useRef(true)
  const before = useRef<Before>({ first: undefined, written: undefined, replySeq: null, height: 0, top: 0 })
  const [hasNewBelow, setHasNewBelow] = useState(false)

  const markShown = () => {
    if (isSeen && isAtEnd.current) chat.markRead()
  }
  const toEnd = (behavior: ScrollBehavior) => {
    ref.current?.scrollTo({ top: ref.current.scrollHeight, behavior })
  }

  useEffect(() => {
    const log = ref.current
    if (!log) return
    const { first, written, replySeq, height, top } = before.current
    // The page tells of scrolling only with its next frame. A log that was moved is at its beginning, which says nothing.
    if (log.scrollTop > 0 && log.scrollTop < top) isAtEnd.current = isNearEnd(log, height)
    const now = {
      first: newest[0],
      written: newest.findLast(({ state }) => state === 'sending')?.clientId,
      replySeq: newest.findLast(({ senderType }) => senderType === 'admin')?.seq ?? 0,
    }
    const hasWritten = now.written !== undefined && now.written !== written
    const hasReply = replySeq !== null && now.replySeq > replySeq
    if (now.first !== first && !isAtEnd.current)
      log.scrollBy({ top: log.scrollHeight - height, behavior: 'instant' })
    if (isAtEnd.current || hasWritten) toEnd('instant')
    else if (hasReply) setHasNewBelow(true)
    before.current = { ...now, height: log.scrollHeight, top: log.scrollTop }
    if (isNearTop(log)) drawRest()
    markShown()
  }, null) // also when nothing has changed but the page that it stands in: a log that is moved is at its beginning

  useEffect(() => {
    const log = ref.current
    if (!isShown || !log) return
    // The panel may become lower, and what it holds higher, without a message.
    const resized = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd('instant')
      Object.assign(before.current, { height: log.scrollHeight, top: log.scrollTop })
      if (isNearTop(log)) drawRest()
    })
    for (const box of [log, ...log.children]) resized.observe(box)
    return () => resized.disconnect()
  }, [isShown, chat])

  const onScroll = () => {
    const log = ref.current
    if (!log) return
    before.current.top = log.scrollTop
    isAtEnd.current = isNearEnd(log, log.scrollHeight)
    if (isAtEnd.current) {
      setHasNewBelow(false)
      markShown()
    }
    if (!isNearTop(log)) return
    if (hasRest) drawRest()
    else if (hasOlder) void chat.loadOlder()
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

const isNearEnd = ({ scrollTop, clientHeight }: Element, height: number) =>
  height - scrollTop - clientHeight < AT_END_PX

/** What is not laid out is nowhere. */
const isNearTop = ({ scrollTop, clientHeight }: Element) => clientHeight > 0 && scrollTop < NEAR_TOP_PX
