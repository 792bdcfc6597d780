import type { ClientMessage } from '@deskbell/client'

/** Messages of one sender, close together in time. */
export interface Group {
  key: string
  senderType: ClientMessage['senderType']
  senderName: string | null
  messages: ClientMessage[]
}

/** One local day of a chat. */
export interface Day {
  /** Local midnight, in milliseconds since 1970. */
  start: number
  groups: Group[]
}

const GROUP_MS = 5 * 60_000

/** What names a message for as long as it is on screen: its client_id outlives the change from sending to sent. */
export const keyOf = (message: ClientMessage): string => message.clientId ?? `seq-${message.seq}`

/** Divides messages into days, and days into groups. Where clocks disagree, the order of the chat wins. */
export function timeline(messages: readonly ClientMessage[]): Day[] {
  const days: Day[] = []
  let previous: ClientMessage | undefined
  for (const message of messages) {
    let day = days.at(-1)
    const start = dayStart(message)
    if (!day || start > day.start) {
      day = { start, groups: [] }
      days.push(day)
      previous = undefined
    }
    const group = day.groups.at(-1)
    if (group && previous && belongTogether(previous, message)) group.messages.push(message)
    else day.groups.push(groupOf(message))
    previous = message
  }
  return days
}

function belongTogether(earlier: ClientMessage, later: ClientMessage): boolean {
  return (
    earlier.senderType === later.senderType &&
    (later.senderType === 'user' || earlier.senderName === later.senderName) &&
    Date.parse(later.createdAt) - Date.parse(earlier.createdAt) < GROUP_MS
  )
}

function groupOf(message: ClientMessage): Group {
  const { senderType, senderName } = message
  return { key: keyOf(message), senderType, senderName, messages: [message] }
}

const dayStart = ({ createdAt }: ClientMessage): number => new Date(createdAt).setHours(0, 0, 0, 0)

/** "Today", "Yesterday", "Monday, January 29", and the year where it is another one. */
export function dayName(start: number, now: number, locale: string): string {
  const day = new Date(start)
  const today = new Date(now)
  for (const ago of [0, 1]) {
    if (day.getTime() !== new Date(today.getFullYear(), today.getMonth(), today.getDate() - ago).getTime())
      continue
    const name = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-ago, 'day')
    return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
  }
  const year = day.getFullYear() === today.getFullYear() ? {} : ({ year: 'numeric' } as const)
  return new Intl.DateTimeFormat(locale, { weekday: 'long', month: 'long', day: 'numeric', ...year }).format(
    day,
  )
}
