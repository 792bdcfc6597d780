import { useEffect, useState } from '../view/hooks.ts'

const midnight = (daysAhead: number): number => {
  const day = new Date()
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + daysAhead).getTime()
}
// A timer may be early by a little.
const LATE_MS = 1_000

/** The beginning of the local day in milliseconds since 1970; what is shown with it changes at midnight. */
export function useToday(): number {
  const [today, setToday] = useState(() => midnight(0))
  useEffect(() => {
    const timer = setTimeout(() => setToday(midnight(0)), midnight(1) - Date.now() + LATE_MS)
    return () => clearTimeout(timer)
  }, [today])
  return today
}
