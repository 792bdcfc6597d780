import type { ClientMessage } from '@deskbell/client'
import { keyOf } from '@deskbell/client/text'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { wantsMotion } from '../media.ts'

interface LogScroll {
  messages: readonly ClientMessage[]
  hasOlder: boolean
  loadOlder(): void
}

const END_MARGIN_PX = 48
const LOAD_AHEAD_PX = 600

/** Keeps the reader's place: at the end if they are there, at the same message when older ones come in above. */
export function useLogScroll({ messages, hasOlder, loadOlder }: LogScroll) {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const shown = useRef({ firstKey: '', lastKey: '', height: 0 })
  const [hasNew, setHasNew] = useState(false)

  const first = messages[0]
  const last = messages.at(-1)
  const firstKey = first ? keyOf(first) : ''
  const lastKey = last ? keyOf(last) : ''
  const isMine = last?.state === 'sending'

  const stickToEnd = useCallback(() => {
    const box = scroller.current
    if (!box) return
    box.scrollTop = box.scrollHeight
    isAtEnd.current = true
    setHasNew(false)
  }, [])

  const loadIfNear = useCallback(() => {
    const box = scroller.current
    if (box && hasOlder && box.scrollTop < LOAD_AHEAD_PX) loadOlder()
  }, [hasOlder, loadOlder])

  useLayoutEffect(() => {
    const box = scroller.current
    if (!box) return
    const before = shown.current
    const grewAbove = before.firstKey !== '' && before.firstKey !== firstKey && before.lastKey === lastKey
    const hasNewLast = before.lastKey !== lastKey
    if (grewAbove) box.scrollTop += box.scrollHeight - before.height
    else if (isAtEnd.current || (hasNewLast && isMine)) stickToEnd()
    else if (hasNewLast) setHasNew(true)
    shown.current = { firstKey, lastKey, height: box.scrollHeight }
  }, [firstKey, lastKey, isMine, stickToEnd])

  // A page may be too short to scroll; then nobody would ever ask for the next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again whenever a page has come in
  useEffect(loadIfNear, [firstKey])

  useEffect(() => {
    const [box, inside] = [scroller.current, content.current]
    if (!box || !inside) return
    // A growing composer, a rotated phone, a state line under the last message.
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) box.scrollTop = box.scrollHeight
      shown.current.height = box.scrollHeight
    })
    observer.observe(box)
    observer.observe(inside)
    return () => observer.disconnect()
  }, [])

  function onScroll() {
    const box = scroller.current
    if (!box) return
    isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < END_MARGIN_PX
    if (isAtEnd.current) setHasNew(false)
    loadIfNear()
  }

  function toEnd() {
    const box = scroller.current
    box?.scrollTo({ top: box.scrollHeight, behavior: wantsMotion() ? 'smooth' : 'instant' })
    // The pill had the focus and is about to go.
    box?.focus({ preventScroll: true })
  }

  return { scroller, content, onScroll, hasNew, toEnd }
}
