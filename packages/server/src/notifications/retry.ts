const FIRST_MS = 30_000
/** No attempt waits longer for the next one. */
const LONGEST_RETRY_MS = 3_600_000
/** Half an hour on the way to the hour, then about a day of hourly attempts. */
const ATTEMPTS = 30

/**
 * How long to wait after so many failed attempts, doubling and spread over half of it by `random` (0 to 1), so that
 * a server that comes back is not met by everyone at once. Null after the last attempt.
 */
export function retryDelay(attempts: number, periodMs: number, random: number): number | null {
  if (attempts >= ATTEMPTS) return null
  const first = Math.max(250, Math.min(FIRST_MS, periodMs))
  const longest = Math.min(LONGEST_RETRY_MS, first * 2 ** (attempts - 1))
  return Math.round(longest * (0.5 + random / 2))
}
