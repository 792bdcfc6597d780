/** Random numbers that a seed repeats. */
export interface Seeded {
  readonly seed: number
  /** From 0 up to 1. */
  next(): number
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number
  /** True in this share of cases. */
  chance(share: number): boolean
}

/** Random numbers from `DESKBELL_SEED`, or from a new seed; it is printed, so that a failure can be repeated. */
export function seeded(name: string): Seeded {
  return seededBy(printedSeed(name))
}

/** Random numbers from a seed (mulberry32 by Tommy Ettinger). */
export function seededBy(seed: number): Seeded {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    seed,
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (share) => next() < share,
  }
}

/** The seed alone, for tools that make their own random numbers of it. */
export function printedSeed(name: string): number {
  const seed = Number(process.env.DESKBELL_SEED ?? Math.floor(Math.random() * 2 ** 31))
  process.stdout.write(`${name}: DESKBELL_SEED=${seed}\n`)
  return seed
}
