import type { Seeded } from '../seeded.ts'

/** What can be broken at one time by one fault only. */
type Target = 'desk' | 'database' | 'bus' | 'clients' | 'crowd' | 'idlers'

interface Kind {
  target: Target
  /** How often, beside the others. */
  weight: number
  /** For how long, in milliseconds. */
  least: number
  most: number
}

/** Everything that may happen; what takes a moment has no length. */
const KINDS = {
  'desk killed': { target: 'desk', weight: 4, least: 0, most: 3_000 },
  'desk restarted': { target: 'desk', weight: 3, least: 0, most: 500 },
  'desk stalled': { target: 'desk', weight: 3, least: 500, most: 30_000 },
  'desk’s clock a day off': { target: 'desk', weight: 2, least: 0, most: 0 },
  'database restarted': { target: 'database', weight: 1, least: 0, most: 3_000 },
  'database stalled': { target: 'database', weight: 1, least: 500, most: 8_000 },
  'database’s connections cut': { target: 'database', weight: 3, least: 0, most: 0 },
  'database’s connection cut inside COMMIT': { target: 'database', weight: 4, least: 0, most: 0 },
  'database only reads': { target: 'database', weight: 1, least: 500, most: 6_000 },
  'database lets nobody in': { target: 'database', weight: 1, least: 500, most: 4_000 },
  'database’s disk full': { target: 'database', weight: 1, least: 500, most: 6_000 },
  'bus restarted': { target: 'bus', weight: 2, least: 0, most: 5_000 },
  'bus stalled': { target: 'bus', weight: 2, least: 500, most: 8_000 },
  'bus’s connections cut': { target: 'bus', weight: 2, least: 0, most: 0 },
  'clients’ connections cut': { target: 'clients', weight: 3, least: 0, most: 0 },
  'clients without a network': { target: 'clients', weight: 3, least: 200, most: 10_000 },
  'clients hear nothing': { target: 'clients', weight: 2, least: 200, most: 10_000 },
  'clients read nothing': { target: 'clients', weight: 2, least: 200, most: 10_000 },
  'crowd comes back at once': { target: 'crowd', weight: 1, least: 0, most: 0 },
  'idlers ask and read nothing': { target: 'idlers', weight: 1, least: 500, most: 10_000 },
} as const satisfies Record<string, Kind>

export type FaultKind = keyof typeof KINDS
export const FAULT_KINDS = Object.keys(KINDS) as FaultKind[]

/** One fault that is to come. */
export interface Fault {
  kind: FaultKind
  atMs: number
  forMs: number
  /** Which desk, or which clients: a number that is taken modulo how many there are. */
  which: number
  /** A number of the fault's own, from 0 up to 1. */
  dice: number
}

/** What holds of all faults of a run. */
export interface PlanOptions {
  durationMs: number
  desks: number
  kinds: readonly FaultKind[]
  /** Between the beginnings of two faults, at most. */
  mostPauseMs: number
  /** How long a fault lasts at most, whatever its kind allows. */
  mostMs: number
}

/** So long after its fault a target is left alone, to come back. */
const RECOVERY_MS = 2_000

/** All faults of a run, in order; the same seed plans the same. Nothing happens twice before all has happened once. */
export function planned(random: Seeded, options: PlanOptions): Fault[] {
  const { durationMs, desks, kinds, mostPauseMs, mostMs } = options
  const faults: Fault[] = []
  const busyUntil = new Map<string, number>()
  const toCome = new Set(kinds)
  for (
    let atMs = random.between(0, mostPauseMs);
    atMs < durationMs;
    atMs += random.between(50, mostPauseMs)
  ) {
    const kind = weighted(random, toCome.size > 0 ? [...toCome] : kinds)
    const { target, least, most } = KINDS[kind]
    const which = random.between(0, 999)
    const dice = random.next()
    const forMs = Math.min(random.between(least, Math.min(most, mostMs)), Math.max(least, durationMs - atMs))
    const place = target === 'desk' ? `desk ${which % desks}` : target
    if ((busyUntil.get(place) ?? 0) > atMs) continue
    busyUntil.set(place, atMs + forMs + (most > 0 ? RECOVERY_MS : 0))
    toCome.delete(kind)
    faults.push({ kind, atMs, forMs, which, dice })
  }
  return faults
}

function weighted(random: Seeded, kinds: readonly FaultKind[]): FaultKind {
  const lots = kinds.flatMap((kind) => Array.from({ length: KINDS[kind].weight }, () => kind))
  const chosen = lots[random.between(0, lots.length - 1)]
  if (chosen === undefined) throw new Error('there is no fault to choose')
  return chosen
}
