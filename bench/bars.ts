import type { ContenderName } from './contenders.ts'
import type { MeasureName } from './measures/measure.ts'
import type { Medians } from './rounds.ts'

/** A figure of Deskbell that is held against a peer's. */
interface Bar {
  measure: MeasureName
  figure: RegExp
  against: ContenderName
  must: 'reach' | 'stay within'
  factor: number
}

export interface Verdict {
  text: string
  ratio: number | null
  /** `not comparable`: one of the two did not hold the rate. */
  result: 'met' | 'missed' | 'not comparable'
}

const BARS: readonly Bar[] = [
  { measure: 'throughput', figure: /^perSecond$/, against: 'socket.io', must: 'reach', factor: 8 },
  { measure: 'throughput', figure: /^perSecond$/, against: 'ws', must: 'reach', factor: 0.2 },
  { measure: 'latency', figure: /^p(50|99)Ms@/, against: 'socket.io', must: 'stay within', factor: 0.6 },
  { measure: 'memory', figure: /^rssPerConnection$/, against: 'ws', must: 'stay within', factor: 1.4 },
  { measure: 'fanout', figure: /^p50Ms$/, against: 'ws', must: 'stay within', factor: 1.2 },
  { measure: 'storm', figure: /^tookMs$/, against: 'ws', must: 'stay within', factor: 2 },
]

/** Holds the medians against the bars. */
export function judge(medians: Medians): Verdict[] {
  return BARS.flatMap((bar) => {
    const own = medians.get(bar.measure)?.get('deskbell') ?? {}
    const names = Object.keys(own).filter((name) => bar.figure.test(name))
    return names.map((name) => verdictOn(bar, name, medians))
  })
}

function verdictOn(bar: Bar, figure: string, medians: Medians): Verdict {
  const own = medians.get(bar.measure)?.get('deskbell')?.[figure] ?? null
  const peer = medians.get(bar.measure)?.get(bar.against)?.[figure] ?? null
  const limit = bar.must === 'reach' ? 'at least' : 'at most'
  const text = `${bar.measure} ${figure}: ${limit} ${bar.factor} × ${bar.against}`
  if (own === null || peer === null) return { text, ratio: null, result: 'not comparable' }
  const ratio = own / peer
  const isMet = bar.must === 'reach' ? ratio >= bar.factor : ratio <= bar.factor
  return { text, ratio, result: isMet ? 'met' : 'missed' }
}
