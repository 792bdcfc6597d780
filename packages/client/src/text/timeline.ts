import type { ClientMessage } from '../message-log.ts'

/** What of a message decides where it stands in the log. */
export type Placed = Pick<ClientMessage, 'clientId' | 'seq' | 'senderType' | 'senderName' | 'createdAt'>

/** Consecutive messages of one sender, each within five minutes of the one before. */
export interface Group<M extends Placed> {
  key: string
  senderType: Placed['senderType']
  senderName: string | null
  messages: M[]
}

/** One local day of a chat. */
export interface Day<M extends Placed> {
  /** Local midnight, in milliseconds since 1970. */
  start: number
  groups: Group<M>[]
}

const GROUP_GAP_MS = 5 * 60_000

/**
 * Divides messages into local days, and days into groups. Where clocks disagree, the order of the chat wins.
 * @example
 * for (const { start, groups } of timeline(chat.getSnapshot().messages)) {
 *   console.log(dayName(start, Date.now(), 'en'), groups.length)
 * }
 */
export function timeline<M extends Placed>(messages: readonly M[]): Day<M>[] {
  const days: Day<M>[] = []
  let previous: M | undefined
  for (const message of messages) {
    let day = days.at(-1)
    const start = dayStart(message)
    if (!day || start > day.start) {
      day = { start, groups: [] }
      days.push(day)
    }
    const group = day.groups.at(-1)
    if (group && previous && belongTogether(previous, message)) group.messages.push(message)
    else day.groups.push(groupOf(message))
    previous = message
  }
  return days
}

/** What names a message for as long as it is on screen: it stays the same when *sending* turns into *sent*. */
export function keyOf({ senderType, clientId, seq }: Placed): string {
  return clientId === null ? `seq ${seq}` : `${senderType} ${clientId}`
}

/** "Today", "Yesterday", "Monday, January 29", and the year where it is another one; times in milliseconds since 1970. */
export function dayName(start: number, now: number, locale: string): string {
  const ago = daysAgo(start, now)
  if (ago > 1) return dateName(start, now, locale)
  const name = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-ago, 'day')
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
}

/** 0 for today, 1 for yesterday, `Infinity` for any other day that begins at `start`; in milliseconds since 1970. */
export function daysAgo(start: number, now: number): number {
  const today = new Date(now)
  const isAgo = (days: number) =>
    start === new Date(today.getFullYear(), today.getMonth(), today.getDate() - days).getTime()
  if (isAgo(0)) return 0
  return isAgo(1) ? 1 : Number.POSITIVE_INFINITY
}

/** "Monday, January 29", and the year where it is not the one of `now`; times in milliseconds since 1970. */
export function dateName(start: number, now: number, locale: string): string {
  const day = new Date(start)
  const year = day.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const)
  return new Intl.DateTimeFormat(locale, { weekday: 'long', month: 'long', day: 'numeric', ...year }).format(
    day,
  )
}

function belongTogether(earlier: Placed, later: Placed): boolean {
  return (
    earlier.senderType === later.senderType &&
    (later.senderType === 'user' || earlier.senderName === later.senderName) &&
    Date.parse(later.createdAt) - Date.parse(earlier.createdAt) <= GROUP_GAP_MS
  )
}

function groupOf<M extends Placed>(message: M): Group<M> {
  const { senderType, senderName } = message
  return { key: keyOf(message), senderType, senderName, messages: [message] }
}

const dayStart = ({ createdAt }: Placed): number => new Date(createdAt).setHours(0, 0, 0, 0)
