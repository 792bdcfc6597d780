import type { DesksCost } from './desks.ts'
import { row } from './row.ts'

/** Crossing from one desk to another may add so much at the median, in milliseconds. */
const CROSSING_MS = 3
/** Deskbell on PostgreSQL is to do so many times what the peer does on it. */
const TIMES_THE_PEER = 5

export function desksLines({ throughput, crossing, faults }: DesksCost): string[] {
  const rateOf = (title: string) =>
    throughput.find((one) => one.title === title)?.figures.perSecond ?? Number.NaN
  const peer = rateOf('Socket.IO, PostgreSQL')
  const ratio = rateOf('Deskbell, PostgreSQL') / peer
  return [
    row('durable messages; all on one core, load on another', ['per second', 'p50', 'p99', '÷ peer']),
    ...throughput.map(({ title, figures: { perSecond = null, p50Ms = null, p99Ms = null } }) =>
      row(title, [count(perSecond), ms(p50Ms), ms(p99Ms), ((perSecond ?? Number.NaN) / peer).toFixed(2)]),
    ),
    `${verdict(ratio >= TIMES_THE_PEER)}one desk on PostgreSQL: at least ${TIMES_THE_PEER} × Socket.IO on it`,
    '',
    row('from a user to an admin', ['same desk', 'p99', 'another desk', 'p99', 'adds']),
    ...crossing.map(({ bus, same, other }) => {
      const added = (other.p50Ms ?? Number.NaN) - (same.p50Ms ?? Number.NaN)
      const both = ({ p50Ms = null, p99Ms = null }: typeof same) => [ms(p50Ms), ms(p99Ms)]
      return row(bus, [...both(same), ...both(other), ms(added)])
    }),
    `${verdict(addedMost(crossing) <= CROSSING_MS)}another desk: at most ${CROSSING_MS} ms more at the median`,
    '',
    row('Faults', Object.keys(faults)),
    row('', Object.values(faults).map(String)),
  ]
}

const addedMost = (crossing: DesksCost['crossing']) =>
  Math.max(...crossing.map(({ same, other }) => (other.p50Ms ?? Number.NaN) - (same.p50Ms ?? Number.NaN)))
const verdict = (isMet: boolean) => (isMet ? 'met' : 'missed').padEnd(15)
const ms = (value: number | null) =>
  `${(value ?? Number.NaN).toFixed(value !== null && value < 100 ? 2 : 0)} ms`
const count = (value: number | null) => Math.round(value ?? Number.NaN).toLocaleString('en')
