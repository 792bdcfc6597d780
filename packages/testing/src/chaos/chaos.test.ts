import { expect, test } from 'vitest'
import { FAULT_KINDS } from './plan.ts'
import { report } from './report.ts'
import { runChaos } from './run.ts'

/** Long enough for each kind of fault. */
const SECONDS = 20
// `bin/chaos` has others, and goes on for as long as one likes.
const SEED = 20_261_127

test('[P1] [P2] [P3] [P4] [P5] [P6] [P7] two desks on PostgreSQL and Redis are broken by a seed: what everyone was told holds', async () => {
  const outcome = await runChaos({
    ...{ database: 'postgres', bus: 'redis', desks: 2, seed: SEED },
    ...{ durationMs: SECONDS * 1000, mostPauseMs: 600, mostMs: 1_000, crowd: 100 },
    ...{ mailPatienceMs: 0, signal: null },
    progress() {},
  })
  if (outcome === null) throw new Error('unreachable: nobody ended it')
  process.stdout.write(`  ${report(outcome)}\n`)
  expect(outcome.violations.map(({ invariant, what }) => `${invariant}: ${what}`)).toEqual([])
  const happened = FAULT_KINDS.filter((kind) => outcome.incidents.some(({ what }) => what.startsWith(kind)))
  expect(happened).toEqual(FAULT_KINDS)
  expect(outcome.operations).toBeGreaterThan(SECONDS)
  // Each of them was looked up in the database when it was shown as sent.
  expect(outcome.looks).toBe(outcome.operations)
  // There were mails to be sent, and some that needed no sending any more.
  expect(outcome.decisions.sent).toBeGreaterThan(0)
  expect(outcome.decisions.skipped).toBeGreaterThan(0)
}, 120_000)
