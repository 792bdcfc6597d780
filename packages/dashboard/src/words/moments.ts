import { dayName } from '@deskbell/client/text'

/** How this reader's language and time zone write moments. All take milliseconds since the epoch. */
export interface Moments {
  /** "2 minutes ago", and a date from a week on. */
  ago(at: number, now: number): string
  /** "in 4 minutes", with the minute or the hour that has begun counted whole. */
  until(at: number, now: number): string
  /** "Today", "Yesterday", "Monday, January 29" for the day that begins at `start`. */
  day(start: number, now: number): string
  /** "Jan 29, 2026" */
  date(at: number): string
  /** "14:05" */
  time(at: number): string
  /** "January 29, 2026 at 14:05" */
  full(at: number): string
  /** The time alone on the day of `other`, else the full moment. */
  beside(at: number, other: number): string
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export function createMoments(locale: string, justNow: string, timeZone?: string): Moments {
  // Each takes milliseconds to make, and a page may need none of them.
  const format = (options: Intl.DateTimeFormatOptions) => {
    let formatter: Intl.DateTimeFormat | undefined
    return (at: number) => {
      formatter ??= new Intl.DateTimeFormat(locale, timeZone ? { ...options, timeZone } : options)
      return formatter.format(at)
    }
  }
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' })
  const shortDate = format({ month: 'short', day: 'numeric' })
  const shortDateWithYear = format({ month: 'short', day: 'numeric', year: 'numeric' })
  const year = format({ year: 'numeric' })
  const time = format({ timeStyle: 'short' })
  const full = format({ dateStyle: 'long', timeStyle: 'short' })

  return {
    ago(at, now) {
      const past = Math.max(0, now - at)
      if (past < MINUTE) return justNow
      if (past < HOUR) return relative.format(-Math.floor(past / MINUTE), 'minute')
      if (past < DAY) return relative.format(-Math.floor(past / HOUR), 'hour')
      if (past < 7 * DAY) return relative.format(-Math.floor(past / DAY), 'day')
      return year(at) === year(now) ? shortDate(at) : shortDateWithYear(at)
    },
    until(at, now) {
      const left = Math.max(MINUTE, at - now)
      if (left <= HOUR) return relative.format(Math.ceil(left / MINUTE), 'minute')
      return relative.format(Math.ceil(left / HOUR), 'hour')
    },
    day: (start, now) => dayName(start, now, locale),
    date: shortDateWithYear,
    time,
    full,
    beside: (at, other) => (shortDateWithYear(at) === shortDateWithYear(other) ? time(at) : full(at)),
  }
}
