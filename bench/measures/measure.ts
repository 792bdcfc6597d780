import type { Arena } from '../arena.ts'

export type MeasureName = 'throughput' | 'latency' | 'memory' | 'fanout' | 'storm'

/** Named figures of one round against one server; `null` where the server could not do it. */
export type Figures = Record<string, number | null>

/** How much of everything a run does. */
export interface Effort {
  rounds: number
  warmUpSeconds: number
  /** Clients of the closed loop and of the fixed rates. */
  clients: number
  closedLoopSeconds: number
  rates: readonly number[]
  rateSeconds: number
  /** Connections that are there before the memory of the next `idle` ones is measured. */
  idleBase: number
  idle: number
  admins: number
  fanOutMessages: number
  storm: number
}

/** One kind of measurement. `run` has a fresh server and a fresh load process to itself. */
export interface Measure {
  name: MeasureName
  title: string
  run(arena: Arena, effort: Effort): Promise<Figures>
}

export const CONNECT_TIMEOUT_MS = 60_000
/** Fast enough to be short, slow enough not to be a storm. */
export const GENTLE_PER_SECOND = 1_000
