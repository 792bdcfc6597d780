import { useState } from 'react'
import { attempt } from '../desk/keepsakes.ts'

/** Pixels. Narrower cards would not show an address, wider ones only air. */
export const LIST_WIDTH = { least: 280, usual: 360, most: 560 }

const KEY = 'deskbell:list-width'

/** How wide the list is beside the conversation, as this browser keeps it. */
export function useListWidth(): [width: number, setWidth: (width: number) => void] {
  const [width, setWidth] = useState(keptWidth)
  function change(wanted: number) {
    const next = fitting(wanted)
    setWidth(next)
    attempt((storage) => storage.setItem(KEY, String(next)))
  }
  return [width, change]
}

function keptWidth(): number {
  const kept = Number(attempt((storage) => storage.getItem(KEY)) ?? '')
  return kept > 0 ? fitting(kept) : LIST_WIDTH.usual
}

const fitting = (width: number): number =>
  Math.round(Math.min(LIST_WIDTH.most, Math.max(LIST_WIDTH.least, width)))
