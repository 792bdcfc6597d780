import type { Outcome } from './run.ts'

/** Violations that are told in full; more of them rarely tell more. */
const TOLD = 5
/** What happened last before the end. */
const LAST_INCIDENTS = 40

/** What a run came to, in lines; what is wrong with its evidence and with what had happened. */
export function report(outcome: Outcome): string {
  const { violations, incidents, caughtUpAfterMs } = outcome
  const caughtUp =
    caughtUpAfterMs === null ? 'not everyone caught up' : `caught up after ${ms(caughtUpAfterMs)}`
  const sum =
    `${outcome.faults} faults, ${outcome.operations} messages shown ${outcome.sightings} times, ` +
    `${outcome.looks} of them looked up when they were shown as sent, ` +
    `${outcome.decisions.sent} mails sent and ${outcome.decisions.skipped} skipped; ` +
    `${caughtUp}, longest wait for an acknowledgement ${ms(outcome.longestWaitMs)}, ` +
    `largest desk ${Math.round(outcome.mostRssBytes / 2 ** 20)} MB`
  if (violations.length === 0) return `${sum}\nI1 to I7 hold.`
  const began = incidents[0]?.atMs ?? 0
  return [
    sum,
    ...incidents
      .slice(-LAST_INCIDENTS)
      .map(({ what, atMs }) => `  ${((atMs - began) / 1000).toFixed(1)} s  ${what}`),
    `${violations.length} violations:`,
    ...violations
      .slice(0, TOLD)
      .map(({ invariant, what, evidence }) => `${invariant}: ${what}\n${JSON.stringify(evidence, null, 2)}`),
  ].join('\n')
}

const ms = (value: number) => `${Math.round(value)} ms`
