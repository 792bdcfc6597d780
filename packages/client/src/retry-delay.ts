const FIRST_MS = 1_000
// Being back must show within 5 s (P4), so nothing ever waits longer than this.
const LONGEST_MS = 4_000

/** Milliseconds before the next attempt after `failures` (0, 1, 2 …) in a row; spread so that a crowd does not return as one. */
export function retryDelay(failures: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures)
  return ceiling * (0.25 + 0.75 * random())
}
