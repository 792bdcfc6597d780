import type { ClientMessage, Conversation, ConversationSnapshot } from '@deskbell/client'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

const AT_END_PX = 48
const NEAR_TOP_PX = 160

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
  const before = useRef<{
    first: ClientMessage | undefined
    last: ClientMessage | undefined
    height: number
  }>({
    first: undefined,
    last: undefined,
    height: 0,
  })
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
    const { first, last, height } = before.current
    const newest = messages.at(-1)
    const hasGrown = newest !== undefined && newest.clientId !== last?.clientId && newest !== last
    const isOwn = newest?.senderType === 'user' && newest.state === 'sending'
    if (messages[0] !== first && !isAtEnd.current) log.scrollTop += log.scrollHeight - height
    if (isAtEnd.current || (hasGrown && isOwn)) toEnd('instant')
    else if (hasGrown && last) setHasNewBelow(true)
    before.current = { first: messages[0], last: newest, height: log.scrollHeight }
    markShown()
  }, [messages, isShown])

  useEffect(() => {
    const log = ref.current
    if (!isShown || !log) return
    const stay = () => {
      if (isAtEnd.current) toEnd('instant')
    }
    const resized = new ResizeObserver(stay)
    resized.observe(log)
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
  return { ref, hasNewBelow, onScroll, toEnd: () => toEnd('smooth') }
}
