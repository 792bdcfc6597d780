import { parseArgs } from 'node:util'
import type { Effort, MeasureName } from './measures/measure.ts'
import { PROOF_NAMES, type ProofEffort, type ProofName } from './proofs.ts'

/** A part of the bench that `--only` can name. */
export type Part =
  | MeasureName
  | ProofName
  | 'widget'
  | 'budgets'
  | 'inbox'
  | 'inbox-postgres'
  | 'dashboard'
  | 'desks'

const PARTS: readonly Part[] = ['throughput', 'latency', 'memory', 'fanout', 'storm', 'widget', 'budgets']
/** With what takes minutes, and so runs only where it is named. */
const NAMED: readonly Part[] = [...PARTS, 'inbox', 'inbox-postgres', 'dashboard', 'desks', ...PROOF_NAMES]

export interface Options {
  parts: readonly Part[]
  effort: Effort
  proofs: ProofEffort
  /** No round begins after this, so that the whole stays within its promise on a slow machine. */
  stopAfterMs: number
}

export const HELP = `Usage: bin/bench [--quick] [--only PARTS]

Measures Deskbell beside a bare ws server that stores nothing and a Socket.IO + SQLite server written as its
documentation teaches: each in its own process, in turns, on this machine. Prints a table, checks the bars, and
writes bench/results/latest.json. Ends with 1 if any message was lost, doubled or out of order.

  --quick        one short round of everything, under two minutes (the full run: under ten)
  --only PARTS   some of ${PARTS.join(',')},
                 and of what takes minutes, inbox,inbox-postgres,dashboard,desks,${PROOF_NAMES.join(',')}
  --help         this text

Durable figures are those of the disk below TMPDIR. Nothing else should be running.
`

const FULL: Effort = {
  rounds: 3,
  warmUpSeconds: 2,
  clients: 400,
  closedLoopSeconds: 4,
  rates: [500, 1_000, 2_000],
  rateSeconds: 3,
  idleBase: 1_000,
  idle: 4_000,
  admins: 1_000,
  fanOutMessages: 60,
  storm: 5_000,
}

const QUICK: Effort = {
  ...FULL,
  rounds: 1,
  warmUpSeconds: 1,
  closedLoopSeconds: 2,
  rates: [500, 1_000],
  rateSeconds: 2,
  idle: 2_000,
  fanOutMessages: 30,
}

/** Reads the command line; null when only the help was asked for. Throws an `Error` that names what is wrong. */
export function readOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
    options: { quick: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return null
  return {
    parts: values.only === undefined ? PARTS : values.only.split(',').map(partNamed),
    effort: values.quick ? QUICK : FULL,
    proofs: values.quick ? { killRounds: 2, seconds: 15 } : { killRounds: 20, seconds: 300 },
    stopAfterMs: values.quick ? 90_000 : 420_000,
  }
}

function partNamed(name: string): Part {
  const part = NAMED.find((known) => known === name)
  if (part === undefined) throw new Error(`--only ${name}: must be some of ${NAMED.join(',')}`)
  return part
}
