import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import {
  type Ref,
  useCallback,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'
import { Icon } from '../icons.tsx'
import { Notice, quietButton } from '../notice.tsx'
import { useNow } from '../words/now.ts'
import { useWords } from '../words/words.ts'
import { ChatCard, cardId } from './chat-card.tsx'
import type { ChatList } from './use-inbox.ts'

/** What the keyboard asks of the list. */
export interface ListHandle {
  /** Moves the focus by `step` cards, from the focused one or else from the open chat's. */
  move(step: 1 | -1): void
}

interface ChatListViewProps {
  list: ChatList
  isArchived: boolean
  openId: string | undefined
  handle: Ref<ListHandle>
  hrefOf(chatId: string): string
  open(chatId: string): void
}

// 5.25rem: three lines and their air.
const cardHeightPx = () => 5.25 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
const LOAD_AHEAD = 12

/** The cards of one tab; only those in sight are in the document. */
export function ChatListView({ list, isArchived, openId, handle, hrefOf, open }: ChatListViewProps) {
  const words = useWords().list
  const { rows, state, more, loadMore, retry } = list
  const scroller = useRef<HTMLDivElement>(null)
  const [focusedId, setFocusedId] = useState<string | null>(null)
  const [cardHeight] = useState(cardHeightPx)
  const now = useNow()
  const focusedIndex = focusedId === null ? -1 : rows.findIndex((row) => row.id === focusedId)
  // A new function would have every card placed anew at each step of scrolling.
  const keyOf = useCallback((index: number) => rows[index]?.id ?? index, [rows])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => cardHeight,
    useFlushSync: false,
    getItemKey: keyOf,
    overscan: 6,
    paddingStart: 4,
    paddingEnd: 4,
    // The card that has the focus keeps it, wherever the list is scrolled to.
    rangeExtractor: (range) => withIndex(range, focusedIndex),
  })

  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? -1
  const isNearEnd = state === 'ready' && more === 'some' && lastShown >= rows.length - LOAD_AHEAD
  useEffect(() => {
    if (isNearEnd) loadMore()
  })

  function focusAt(index: number) {
    const row = rows[index]
    if (!row) return
    flushSync(() => setFocusedId(row.id))
    virtual.scrollToIndex(index, { align: 'auto' })
    document.getElementById(cardId(row.id))?.focus({ preventScroll: true })
  }

  useImperativeHandle(handle, () => ({
    move(step) {
      const from = focusedIndex >= 0 ? focusedIndex : rows.findIndex((row) => row.id === openId)
      focusAt(from < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, from + step)))
    },
  }))

  const lastFocus = useRef<{ id: string; index: number }>(null)
  const focusNext = useEffectEvent(() => {
    const last = lastFocus.current
    lastFocus.current =
      focusedId !== null && focusedIndex >= 0 ? { id: focusedId, index: focusedIndex } : null
    const isGone = last !== null && rows.every((row) => row.id !== last.id)
    // A card that was archived took the focus along; whoever works through the list goes on with the next one.
    if (isGone && document.activeElement === document.body) focusAt(Math.min(last.index, rows.length - 1))
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at whenever a row or the focus may be gone
  useEffect(() => focusNext(), [rows, focusedId])

  if (state === 'loading') return <LoadingCards label={words.loading} />
  if (state === 'failed') {
    const again = { label: words.tryAgain, run: retry }
    return <Notice level={2} heading={words.failed} icon={<Icon name="warning" />} action={again} />
  }
  if (rows.length === 0 && more === 'none') return <NoChats isArchived={isArchived} />

  return (
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 [overflow-anchor:none]"
    >
      <ul
        // biome-ignore lint/a11y/noRedundantRoles: Safari takes the role from a list without bullets
        role="list"
        aria-label={words.label}
        className="relative"
        style={{ height: virtual.getTotalSize() }}
        onFocus={(event) => setFocusedId(event.target.dataset.chat ?? null)}
        onBlur={() => setFocusedId(null)}
      >
        {items.map(({ key, index, start, size }) => {
          const row = rows[index]
          return (
            row && (
              <li
                key={key}
                aria-setsize={more === 'none' ? rows.length : -1}
                aria-posinset={index + 1}
                className="absolute inset-x-0 top-0 bg-canvas py-px transition-transform duration-200 ease-out"
                style={{ height: size, transform: `translateY(${start}px)` }}
              >
                <ChatCard row={row} href={hrefOf(row.id)} isOpen={row.id === openId} open={open} now={now} />
              </li>
            )
          )
        })}
      </ul>
      <div className="grid min-h-8 place-items-center pb-2 text-sm text-muted">
        {more === 'loading' && words.loadingMore}
        {more === 'failed' && (
          <button type="button" className={quietButton} onClick={loadMore}>
            {words.tryAgain}
          </button>
        )}
      </div>
    </div>
  )
}

function withIndex(range: Range, index: number): number[] {
  const indexes = defaultRangeExtractor(range)
  if (index < 0 || indexes.includes(index)) return indexes
  return [...indexes, index].sort((a, b) => a - b)
}

function NoChats({ isArchived }: { isArchived: boolean }) {
  const words = useWords().list
  if (isArchived) {
    return (
      <Notice
        level={2}
        heading={words.emptyArchived}
        hint={words.emptyArchivedHint}
        icon={<Icon name="archive" />}
      />
    )
  }
  return (
    <Notice level={2} heading={words.emptyActive} hint={words.emptyActiveHint} icon={<Icon name="bell" />} />
  )
}

const CARD_WIDTHS = ['w-3/5', 'w-2/5', 'w-1/2', 'w-7/12', 'w-1/3', 'w-5/12', 'w-1/4', 'w-4/6']

function LoadingCards({ label }: { label: string }) {
  return (
    <div aria-busy="true" className="min-h-0 flex-1 overflow-hidden px-2 pt-1">
      <span className="sr-only">{label}</span>
      {CARD_WIDTHS.map((width) => (
        <div key={width} className="shimmer flex h-21 items-center gap-3 px-3">
          <span className="size-9 rounded-full bg-line" />
          <span className="grid flex-1 gap-2">
            <span className={`h-3 rounded bg-line ${width}`} />
            <span className="h-2.5 w-4/5 rounded bg-line" />
            <span className="h-2 w-1/3 rounded bg-line" />
          </span>
        </div>
      ))}
    </div>
  )
}
