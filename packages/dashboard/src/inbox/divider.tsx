import type { KeyboardEvent, PointerEvent } from 'react'
import { useWords } from '../words/words.ts'
import { LIST_WIDTH } from './list-width.ts'

interface DividerProps {
  /** Pixels of the list. */
  width: number
  setWidth(width: number): void
  /** The id of what it divides from the rest. */
  controls: string
}

const STEP = 16

/** Between list and conversation: drawn to a side, or moved by the arrow keys; a double click puts it back. */
export function Divider({ width, setWidth, controls }: DividerProps) {
  const { resizeList, direction } = useWords()
  const isLtr = direction === 'ltr'

  function drag(event: PointerEvent<HTMLElement>) {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const page = document.documentElement.clientWidth
    setWidth(isLtr ? event.clientX : page - event.clientX)
  }

  function press(event: KeyboardEvent) {
    const wider = isLtr ? 'ArrowRight' : 'ArrowLeft'
    const narrower = isLtr ? 'ArrowLeft' : 'ArrowRight'
    const widths = new Map([
      [wider, width + STEP],
      [narrower, width - STEP],
      ['Home', LIST_WIDTH.least],
      ['End', LIST_WIDTH.most],
    ])
    const next = widths.get(event.key)
    if (next === undefined) return
    event.preventDefault()
    setWidth(next)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a thematic break cannot be moved
    <div
      role="separator"
      tabIndex={0}
      aria-label={resizeList}
      aria-orientation="vertical"
      aria-controls={controls}
      aria-valuenow={width}
      aria-valuemin={LIST_WIDTH.least}
      aria-valuemax={LIST_WIDTH.most}
      className="absolute inset-y-0 -end-1 z-10 w-2 cursor-col-resize touch-none transition-colors duration-140 hover:bg-accent/25 focus-visible:bg-accent/25 active:bg-accent/40 max-lg:hidden"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDoubleClick={() => setWidth(LIST_WIDTH.usual)}
      onKeyDown={press}
    />
  )
}
