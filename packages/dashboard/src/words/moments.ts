/** How this reader's language and time zone write moments. All take milliseconds since the epoch. */
export interface Moments {
  /** "2 minutes ago", and a date from a week on. */
  ago(at: number, now: number): string
  /** "Today", "Yesterday", "Monday, January 29", with the year where it is not this one. */
  day(at: number, now: number): string
  /** "14:05" */
  time(at: number): string
  /** "January 29, 2026 at 14:05" */
  full(at: number): string
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

interface MomentWords {
  justNow: string
  today: string
  yesterday: string
}

export function createMoments(locale: string, words: MomentWords, timeZone?: string): Moments {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, timeZone ? { ...options, timeZone } : options)
    return (at: number) => formatter.format(at)
  }
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'always' })
  const shortDate = format({ month: 'short', day: 'numeric' })
  const shortDateWithYear = format({ month: 'short', day: 'numeric', year: 'numeric' })
  const longDay = format({ weekday: 'long', month: 'long', day: 'numeric' })
  const longDayWithYear = format({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' })
  const year = format({ year: 'numeric' })
  const dayKey = format({ year: 'numeric', month: '2-digit', day: '2-digit' })

  return {
    ago(at, now) {
      const past = Math.max(0, now - at)
      if (past < MINUTE) return words.justNow
      if (past < HOUR) return relative.format(-Math.floor(past / MINUTE), 'minute')
      if (past < DAY) return relative.format(-Math.floor(past / HOUR), 'hour')
      if (past < 7 * DAY) return relative.format(-Math.floor(past / DAY), 'day')
      return year(at) === year(now) ? shortDate(at) : shortDateWithYear(at)
    },
    day(at, now) {
      const key = dayKey(at)
      if (key === dayKey(now)) return words.today
      // A day may last 23 or 25 hours; noon of it is always within 36.
      if (at < now && now - at < 2 * DAY && isDayBefore(at, now, dayKey)) return words.yesterday
      return year(at) === year(now) ? longDay(at) : longDayWithYear(at)
    },
    time: format({ timeStyle: 'short' }),
    full: format({ dateStyle: 'long', timeStyle: 'short' }),
  }
}

/** Whether no other calendar day lies between the two: walking an hour at a time meets only these. */
function isDayBefore(at: number, now: number, dayKey: (at: number) => string): boolean {
  const [from, to] = [dayKey(at), dayKey(now)]
  for (let moment = at; moment < now; moment += HOUR) {
    const key = dayKey(moment)
    if (key !== from) return key === to
  }
  return true
}
