import { isDeepStrictEqual } from 'node:util'
import { byNewest, type InboxRow } from '../../dashboard/src/inbox/rows.ts'
import type { Shown } from './team.ts'

/** As far as a list was scrolled, every row is there, in its place, with every fact. */
export function differences(lists: Shown, stored: readonly InboxRow[]): string[] {
  return (['active', 'archived'] as const).flatMap((tab) => {
    const { rows, end } = lists[tab]
    const expected = stored.filter(
      (row) => row.isArchived === (tab === 'archived') && (end === null || byNewest(row, end) <= 0),
    )
    const ids = new Set([...rows, ...expected].map(({ id }) => id))
    const apart = [...ids].filter((id) => {
      const [shown, wanted] = [rows, expected].map((list) => list.find((row) => row.id === id))
      return !isDeepStrictEqual(shown, wanted)
    })
    const isInOrder = isDeepStrictEqual(rows.toSorted(byNewest), rows)
    return [
      ...apart.map((id) => `${tab}: ${told(rows, id)} instead of ${told(expected, id)}`),
      ...(isInOrder ? [] : [`${tab}: not in order`]),
    ]
  })
}

const told = (rows: readonly InboxRow[], id: string) =>
  JSON.stringify(rows.find((row) => row.id === id) ?? `no chat ${id}`)
