import type { TextRange } from '@deskbell/protocol'

/** A text whose ranges are marked. */
export function Marked({ text, ranges }: { text: string; ranges: readonly TextRange[] }) {
  return piecesOf(text, ranges).map(({ start, piece, isMarked }) =>
    isMarked ? (
      <mark key={start} className="rounded-sm bg-mark text-inherit">
        {piece}
      </mark>
    ) : (
      piece
    ),
  )
}

interface Piece {
  start: number
  piece: string
  isMarked: boolean
}

/** Cuts a text at the edges of its ranges; what lies outside of it or before an earlier one is left alone. */
export function piecesOf(text: string, ranges: readonly TextRange[]): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  const cut = (to: number, isMarked: boolean) => {
    if (to > end) pieces.push({ start: end, piece: text.slice(end, to), isMarked })
    end = Math.max(end, to)
  }
  for (const [from, to] of ranges) {
    cut(Math.min(from, text.length), false)
    cut(Math.min(to, text.length), true)
  }
  cut(text.length, false)
  return pieces
}
