import { setTimeout as delay } from 'node:timers/promises'
import { Crowd } from '../crowd.ts'
import { tokenOf } from '../desk-process.ts'
import { seededBy } from '../seeded.ts'
import type { Balancer } from './balancer.ts'
import { Breaker } from './breaker.ts'
import type { Incident } from './history.ts'
import { FAULT_KINDS, planned } from './plan.ts'
import { Stage, type StageOptions, type Verdict } from './stage.ts'

/** Thousands who come back at once share two cores with what they come back to. */
const CROWD_MS = 60_000

export interface ChaosOptions extends Omit<StageOptions, 'idleMs' | 'dashboards' | 'disk'> {
  durationMs: number
  /** How many sockets there are of people who only look on. */
  crowd: number
  /** How long a fault lasts, at most. */
  mostMs: number
  /** Between two faults, at most. */
  mostPauseMs: number
  /** Called each second. */
  progress(now: Progress): void
  /** Ends everything early, and nothing is compared. */
  signal: AbortSignal | null
}

interface Progress {
  elapsedMs: number
  faults: number
  operations: number
  acknowledged: number
  desksAlive: number
}

/** What a run came to. */
export interface Outcome extends Verdict {
  incidents: readonly Incident[]
  faults: number
  operations: number
  sightings: number
  looks: number
  /** The longest that a message took to be acknowledged. */
  longestWaitMs: number
  mostRssBytes: number
}

/**
 * Has people at work on several desks while these are broken by a seed's plan; then holds everything against the database.
 * Null where it was ended early.
 */
export async function runChaos(options: ChaosOptions): Promise<Outcome | null> {
  await using stage = await Stage.open({ ...options, disk: 'own', idleMs: null, dashboards: 1 })
  const { ground, history } = stage
  await using crowd = await onlookers(options.crowd, ground.balancer)
  const breaker = new Breaker(stage, crowd)
  await stage.live(() => breakAll(options, stage, breaker))
  if (options.signal?.aborted) {
    await Promise.all(ground.desks.map((desk) => desk[Symbol.asyncDispose]()))
    await breaker.heal().catch(() => {}) // nobody asks any more how they ended
    return null
  }
  await breaker.heal()
  await ground.ready()
  await crowd.served(CROWD_MS)
  const verdict = await stage.verdict()
  const waits = history.operations.map(({ invokedAtMs, answeredAtMs }) => (answeredAtMs ?? 0) - invokedAtMs)
  return {
    ...verdict,
    incidents: history.incidents,
    faults: breaker.count,
    operations: history.operations.length,
    sightings: history.sightings.length,
    looks: history.sentLooks.length,
    longestWaitMs: highest(waits),
    mostRssBytes: highest(history.loads.map(({ rssBytes }) => rssBytes)),
  }
}

/** All tabs of somebody in whose chat nothing happens: they are many, and cost no more than that. */
async function onlookers(number: number, { url, cableUrl }: Balancer): Promise<Crowd> {
  const name = 'onlooker'
  const headers = { authorization: `Bearer ${tokenOf(name)}` }
  const { id } = (await (await fetch(`${url}/api/support_chat`, { headers })).json()) as { id: string }
  return await Crowd.at(
    [cableUrl],
    Array.from({ length: number }, () => ({ name, chatId: id })),
  )
}

async function breakAll(options: ChaosOptions, { ground, history }: Stage, breaker: Breaker): Promise<void> {
  const { durationMs, mostPauseMs, mostMs, seed, progress, signal } = options
  const kinds = FAULT_KINDS.filter((kind) => ground.bus !== null || !kind.startsWith('bus'))
  const faults = planned(seededBy(seed), {
    durationMs,
    desks: ground.desks.length,
    kinds,
    mostPauseMs,
    mostMs,
  })
  const beganMs = performance.now()
  const tell = () =>
    progress({
      elapsedMs: performance.now() - beganMs,
      faults: breaker.count,
      operations: history.operations.length,
      acknowledged: history.operations.length - history.unanswered,
      desksAlive: ground.balancer.alive,
    })
  const telling = setInterval(tell, 1_000)
  const reach = (atMs: number) =>
    delay(Math.max(0, beganMs + atMs - performance.now()), undefined, signal === null ? {} : { signal })
  try {
    for (const fault of faults) {
      await reach(fault.atMs)
      breaker.inject(fault)
    }
    await reach(durationMs)
  } catch (error) {
    if (signal?.aborted !== true) throw error
  } finally {
    clearInterval(telling)
  }
}

/** Of more values than a call may have arguments. */
function highest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}
