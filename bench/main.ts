import { mkdir, writeFile } from 'node:fs/promises'
import { judge } from './bars.ts'
import { measureBudgets } from './budgets.ts'
import { measureDashboard } from './dashboard.ts'
import { measureDesks } from './desks.ts'
import { measureInbox } from './inbox.ts'
import { type Faults, noFaults } from './load/client.ts'
import { describeMachine } from './machine.ts'
import { HELP, readOptions } from './options.ts'
import { tryPromises } from './proofs.ts'
import { type Findings, reportOf, totalFaults } from './report.ts'
import { mediansOf, runRounds } from './rounds.ts'
import { measureWidget } from './widget.ts'

const RESULTS = new URL('./results/', import.meta.url)

async function main(args: string[]): Promise<number> {
  const options = readOptions(args)
  if (options === null) {
    process.stdout.write(HELP)
    return 0
  }
  const tell = (progress: string) => process.stderr.write(`${progress}\n`)
  const parts = new Set<string>(options.parts)
  const rounds = await runRounds(parts, options.effort, options.stopAfterMs, tell)
  const medians = mediansOf(rounds)
  const findings: Findings = {
    date: new Date().toISOString(),
    machine: await describeMachine(),
    effort: options.effort,
    rounds,
    verdicts: judge(medians),
    widget: parts.has('widget') ? await measureWidget(tell) : null,
    dashboard: parts.has('dashboard') ? await measureDashboard(tell) : null,
    desks: parts.has('desks') ? await measureDesks(options.effort, tell) : null,
    inbox: parts.has('inbox') ? await measureInbox('sqlite', tell) : [],
    inboxPostgres: parts.has('inbox-postgres') ? await measureInbox('postgres', tell) : [],
    budgets: parts.has('budgets') ? await measureBudgets(tell) : [],
    proofs: await tryPromises(parts, options.proofs, tell),
  }
  await mkdir(RESULTS, { recursive: true })
  await writeFile(new URL('latest.json', RESULTS), `${JSON.stringify(findings, null, 2)}\n`)
  process.stdout.write(`\n${reportOf(findings, medians)}`)
  const isFaulty = [totalFaults(rounds), findings.desks?.faults ?? noFaults()].some(hasAny)
  return isFaulty || findings.proofs.some(({ isKept }) => !isKept) ? 1 : 0
}

const hasAny = (faults: Faults) => Object.values(faults).some((count) => count > 0)

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
