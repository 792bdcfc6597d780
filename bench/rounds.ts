import { openArena } from './arena.ts'
import { CONTENDERS, type ContenderName } from './contenders.ts'
import type { Faults } from './load/client.ts'
import { fanout } from './measures/fanout.ts'
import { latency } from './measures/latency.ts'
import type { Effort, Figures, Measure, MeasureName } from './measures/measure.ts'
import { memory } from './measures/memory.ts'
import { storm } from './measures/storm.ts'
import { throughput } from './measures/throughput.ts'

/** What one round against one server showed. */
export interface Round {
  round: number
  measure: MeasureName
  contender: ContenderName
  figures: Figures
  faults: Faults
}

/** The medians over a measure's rounds, by contender and figure. */
export type Medians = Map<MeasureName, Map<ContenderName, Figures>>

const MEASURES: readonly Measure[] = [throughput, latency, memory, fanout, storm]

/**
 * Runs the rounds: in each, every measure, and in each measure the contenders one after the other, so that a slow
 * minute of the machine falls on all of them.
 */
export async function runRounds(
  names: ReadonlySet<string>,
  effort: Effort,
  stopAfterMs: number,
  tell: (progress: string) => void,
): Promise<Round[]> {
  const done: Round[] = []
  const startMs = performance.now()
  for (let round = 1; round <= effort.rounds; round++) {
    for (const measure of MEASURES) {
      if (!names.has(measure.name)) continue
      if (round > 1 && performance.now() - startMs > stopAfterMs) return done
      for (const contender of CONTENDERS) {
        tell(`round ${round} of ${effort.rounds}: ${measure.title}, ${contender.title}`)
        await using arena = await openArena(contender)
        const figures = await measure.run(arena, effort)
        const faults = await arena.close()
        done.push({ round, measure: measure.name, contender: contender.name, figures, faults })
      }
    }
  }
  return done
}

export function mediansOf(rounds: Round[]): Medians {
  const medians: Medians = new Map()
  for (const { measure, contender, figures } of rounds) {
    const byContender = medians.get(measure) ?? new Map<ContenderName, Figures>()
    medians.set(measure, byContender)
    if (byContender.has(contender)) continue
    const same = rounds.filter((other) => other.measure === measure && other.contender === contender)
    const names = Object.keys(figures)
    byContender.set(
      contender,
      Object.fromEntries(
        names.map((name) => [name, median(same.map((other) => other.figures[name] ?? null))]),
      ),
    )
  }
  return medians
}

/** The median of what is known; null if most rounds could not do it. */
function median(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b)
  if (known.length * 2 <= values.length) return null
  const middle = known.length >> 1
  const upper = known[middle] ?? null
  if (known.length % 2 === 1 || upper === null) return upper
  return ((known[middle - 1] ?? upper) + upper) / 2
}
