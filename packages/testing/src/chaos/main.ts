import { parseArgs } from 'node:util'
import { BUSES, DATABASES } from './ground.ts'
import { report } from './report.ts'
import { runChaos } from './run.ts'

const HELP = `Usage: bin/chaos [--minutes N] [--seed S] [--desks N] [--database NAME] [--bus NAME] [--crowd N]

Runs several desks behind a load balancer, with users and admins at work, and breaks what can be broken: desks,
database, bus, connections, clocks. Then everything is mended, and everything that anyone was told is held against the
database. Ends with 1 if anything was lost, doubled, out of order, told to the wrong one or not told at all.

  --minutes N      for how long things are broken (default 5)
  --seed S         repeats the faults of an earlier run (default: a new one)
  --desks N        how many desks (default 3)
  --database NAME  ${DATABASES.join(' or ')} (default postgres)
  --bus NAME       ${BUSES.join(', ')} (default redis)
  --crowd N        how many sockets of onlookers, who come back all at once now and then (default 1000;
                   5000 want more than two cores)
  --help           this text
`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: `${Math.floor(Math.random() * 2 ** 31)}` },
    desks: { type: 'string', default: '3' },
    database: { type: 'string', default: 'postgres' },
    bus: { type: 'string', default: 'redis' },
    crowd: { type: 'string', default: '1000' },
    help: { type: 'boolean', default: false },
  },
})

/** A lease that a dead desk held is over after two minutes. */
const MAIL_PATIENCE_MS = 150_000

if (values.help) process.stdout.write(HELP)
else process.exitCode = await main()

async function main(): Promise<number> {
  const [minutes, seed, desks] = [Number(values.minutes), Number(values.seed), Number(values.desks)]
  const crowd = Number(values.crowd)
  const database = DATABASES.find((name) => name === values.database)
  const bus = BUSES.find((name) => name === values.bus)
  const isRight = minutes > 0 && Number.isInteger(seed) && desks >= 1 && desks <= 20 && crowd >= 0
  if (!isRight || database === undefined || bus === undefined) {
    process.stderr.write(HELP)
    return 2
  }
  process.stdout.write(`${desks} desks on ${database}, bus ${bus}, ${minutes} min, --seed ${seed}\n`)
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  const outcome = await runChaos({
    ...{ database, bus, desks, seed, crowd, durationMs: minutes * 60_000 },
    ...{
      mostPauseMs: 4_000,
      mostMs: Number.POSITIVE_INFINITY,
      mailPatienceMs: MAIL_PATIENCE_MS,
      signal: interrupted.signal,
    },
    progress({ elapsedMs, faults, operations, acknowledged, desksAlive }) {
      const clock = new Date(elapsedMs).toISOString().slice(11, 19)
      const line = `${clock}  ${faults} faults, ${operations} messages, ${acknowledged} acknowledged, ${desksAlive} desks alive`
      process.stdout.write(process.stdout.isTTY ? `\r${line}\x1b[K` : `${line}\n`)
    },
  })
  if (outcome === null) {
    process.stdout.write('\nEnded early: nothing was compared.\n')
    return 130
  }
  process.stdout.write(`\n${report(outcome)}\n`)
  return outcome.violations.length === 0 ? 0 : 1
}
