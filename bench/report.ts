import type { Verdict } from './bars.ts'
import type { Budget } from './budgets.ts'
import type { ContenderName } from './contenders.ts'
import type { DashboardCost } from './dashboard.ts'
import type { DesksCost } from './desks.ts'
import { desksLines } from './desks-report.ts'
import type { InboxCost } from './inbox.ts'
import { noFaults } from './load/client.ts'
import type { Machine } from './machine.ts'
import type { Effort, Figures } from './measures/measure.ts'
import type { Proof } from './proofs.ts'
import type { Medians, Round } from './rounds.ts'
import { row } from './row.ts'
import type { WidgetCost } from './widget.ts'

const COLUMNS = ['deskbell', 'ws', 'socket.io', '÷ ws', '÷ socket.io'] as const

/** Everything a run found, as it is written to the results file. */
export interface Findings {
  date: string
  machine: Machine
  effort: Effort
  rounds: Round[]
  verdicts: Verdict[]
  widget: WidgetCost | null
  dashboard: DashboardCost | null
  desks: DesksCost | null
  inbox: InboxCost[]
  inboxPostgres: InboxCost[]
  budgets: Budget[]
  proofs: Proof[]
}

/** The report for people: table, faults, bars, budgets. */
export function reportOf(findings: Findings, medians: Medians): string {
  const { machine, effort, rounds } = findings
  const sections = [machineLines(machine)]
  if (rounds.length > 0) {
    const roundCount = Math.max(...rounds.map((round) => round.round))
    sections.push(
      [
        `Medians of ${roundCount} interleaved round${roundCount > 1 ? 's' : ''}`,
        ...tableLines(medians, effort),
      ],
      faultLines(rounds),
      [
        'Bars',
        ...findings.verdicts.map(({ text, ratio, result }) => line(result, text, ratio?.toFixed(2) ?? '')),
      ],
    )
  }
  if (findings.widget !== null) sections.push(['The widget on a page', ...widgetLines(findings.widget)])
  if (findings.dashboard !== null) sections.push(['The dashboard', ...dashboardLines(findings.dashboard)])
  if (findings.desks !== null) sections.push(['Databases, and several desks', ...desksLines(findings.desks)])
  if (findings.inbox.length > 0) sections.push(['The inbox', ...inboxLines(findings.inbox)])
  if (findings.inboxPostgres.length > 0)
    sections.push(['The inbox, on PostgreSQL', ...inboxLines(findings.inboxPostgres)])
  if (findings.budgets.length > 0) {
    sections.push([
      'Budgets',
      ...findings.budgets.map(({ text, value, isKept }) => line(isKept ? 'kept' : 'missed', text, value)),
    ])
  }
  for (const { title, lines, isKept } of findings.proofs) {
    sections.push([title, ...lines, line(isKept ? 'kept' : 'broken', 'the promise', '')])
  }
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function widgetLines({ load, open, opening: { many, none } }: WidgetCost): string[] {
  const costs = [load, open]
  return [
    row('', ['loaded', 'opened once']),
    row(
      'requests',
      costs.map(({ requests }) => String(requests)),
    ),
    row(
      'bytes, compressed',
      costs.map(({ bytes }) => bytes.toLocaleString('en')),
    ),
    row(
      'main thread, processor slowed 4 times',
      costs.map((cost) => `${cost.mainThreadMs.toFixed(0)} ms`),
    ),
    row('opening a chat of', ['5,000', 'none', 'ratio']),
    openingRow('slowed 4 times, until one can read and write', many.standsMs, none.standsMs),
    openingRow('the same with the times, written once it stands', many.allMs, none.allMs),
  ]
}

function openingRow(title: string, manyMs: number, noneMs: number): string {
  return row(title, [`${manyMs.toFixed(0)} ms`, `${noneMs.toFixed(0)} ms`, (manyMs / noneMs).toFixed(2)])
}

function dashboardLines({ scriptBytes, loads, scrolls }: DashboardCost): string[] {
  const ms = (value: number) => `${value.toFixed(0)} ms`
  return [
    row('scripts of the first load, gzip', [`${(scriptBytes / 1000).toFixed(1)} kB`]),
    row(
      'processor slowed',
      loads.map(({ slowdown }) => (slowdown === 1 ? 'not' : `${slowdown} times`)),
    ),
    row(
      'first load: cards on the screen after',
      loads.map(({ cost }) => ms(cost.listedMs)),
    ),
    row(
      '  no long task any more after',
      loads.map(({ cost }) => ms(cost.interactiveMs)),
    ),
    row(
      '  main thread',
      loads.map(({ cost }) => ms(cost.mainThreadMs)),
    ),
    row(
      'scrolling: cards',
      scrolls.map(({ cost }) => cost.cards.toLocaleString('en')),
    ),
    row(
      '  in',
      scrolls.map(({ cost }) => `${cost.seconds.toFixed(0)} s`),
    ),
    row(
      '  tasks over 50 / 100 ms, by their own time',
      scrolls.map(({ cost }) => `${cost.own.over50Ms} / ${cost.own.over100Ms}`),
    ),
    row(
      '    the longest',
      scrolls.map(({ cost }) => ms(cost.own.longestMs)),
    ),
    row(
      '  tasks over 50 / 100 ms, by the clock',
      scrolls.map(({ cost }) => `${cost.took.over50Ms} / ${cost.took.over100Ms}`),
    ),
    row(
      '    the longest',
      scrolls.map(({ cost }) => ms(cost.took.longestMs)),
    ),
    row(
      '  main thread, per 1,000 cards',
      scrolls.map(({ cost }) => ms((cost.mainThreadMs * 1000) / cost.cards)),
    ),
  ]
}

function inboxLines(costs: readonly InboxCost[]): string[] {
  return [
    row('server time, p50 / p99 ms', ['1,000 chats', '100,000 chats', 'ratio']),
    ...costs.map(({ call, few, many, limit }) => {
      const ratio = many.p50Ms / few.p50Ms
      const verdict = limit === null ? '' : ratio <= limit ? ' met' : ' missed'
      const both = ({ p50Ms, p99Ms }: typeof few) => `${p50Ms.toFixed(1)} / ${p99Ms.toFixed(1)}`
      return row(call, [both(few), both(many), `${ratio.toFixed(2)}${verdict}`])
    }),
  ]
}

/** Faults over all rounds; all must be zero. */
export function totalFaults(rounds: Round[], contender?: ContenderName) {
  const total = noFaults()
  for (const round of rounds) {
    if (contender !== undefined && round.contender !== contender) continue
    total.lost += round.faults.lost
    total.doubled += round.faults.doubled
    total.outOfOrder += round.faults.outOfOrder
    total.refused += round.faults.refused
    total.dropped += round.faults.dropped
  }
  return total
}

function machineLines(machine: Machine): string[] {
  const { processor, cores, memoryGb, system, isPinned, isOnDisk, syncP50Ms, versions } = machine
  return [
    `${processor}, ${cores} cores, ${memoryGb} GB, ${system}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(' · '),
    `The disk makes a page durable in ${syncP50Ms.toFixed(2)} ms (p50): the least that a stored message takes.`,
    isPinned ? 'Server on core 0, load on core 1 (taskset).' : 'Server and load are not bound to cores.',
    ...(isOnDisk
      ? []
      : ['The temporary folder is in memory: durable figures mean nothing here. Set TMPDIR.']),
  ]
}

const LABELS: readonly [prefix: string, label: (effort: Effort) => string, unit: string][] = [
  ['throughput perSecond', (effort) => `messages/s, ${effort.clients} clients, one in flight each`, ''],
  ['throughput p50Ms', () => '  p50 at that load', ' ms'],
  ['throughput p99Ms', () => '  p99 at that load', ' ms'],
  ['throughput serverCpuMicros', () => '  server processor time per message', ' µs'],
  ['throughput serverCpuShare', () => '  server process, of its core', ' %'],
  ['throughput loadCpuShare', () => '  load process, of its core', ' %'],
  ['memory rssPerConnection', (effort) => `bytes of RSS per idle connection, ${effort.idle}`, ''],
  ['memory heapPerConnection', () => '  of them on the JavaScript heap', ''],
  ['fanout p50Ms', (effort) => `fan-out to ${effort.admins} admins, p50`, ' ms'],
  ['fanout p99Ms', () => '  p99', ' ms'],
  ['fanout serverCpuMicros', () => '  server processor time per delivery', ' µs'],
  ['storm tookMs', (effort) => `storm of ${effort.storm}, all confirmed`, ' ms'],
  ['storm p50Ms', () => '  half of them confirmed', ' ms'],
  ['storm serverCpuMicros', () => '  server processor time per connection', ' µs'],
]

function tableLines(medians: Medians, effort: Effort): string[] {
  const lines = [row('', COLUMNS)]
  for (const [measure, byContender] of medians) {
    for (const figure of Object.keys(byContender.get('deskbell') ?? byContender.get('ws') ?? {})) {
      const key = `${measure} ${figure}`
      const known = LABELS.find(([prefix]) => prefix === key)
      const label = known?.[1](effort) ?? figure.replace('Ms@', ' at ').concat('/s')
      const value = (name: ContenderName) => figureOf(byContender.get(name), figure)
      const [own, ws, socketIo] = [value('deskbell'), value('ws'), value('socket.io')]
      const unit = known?.[2] ?? ' ms'
      const cells = [own, ws, socketIo].map((number) => numberText(number, unit))
      const isShare = figure.endsWith('Share')
      lines.push(
        row(label, [...cells, isShare ? '' : ratioText(own, ws), isShare ? '' : ratioText(own, socketIo)]),
      )
    }
  }
  return lines
}

function faultLines(rounds: Round[]): string[] {
  const contenders = [...new Set(rounds.map((round) => round.contender))]
  return [
    row('Faults', ['lost', 'doubled', 'out of order', 'refused', 'dropped']),
    ...contenders.map((name) => {
      const { lost, doubled, outOfOrder, refused, dropped } = totalFaults(rounds, name)
      return row(name, [lost, doubled, outOfOrder, refused, dropped].map(String))
    }),
  ]
}

function figureOf(figures: Figures | undefined, name: string): number | null {
  return figures?.[name] ?? null
}

function numberText(value: number | null, unit: string): string {
  if (value === null) return 'not held'
  if (unit === ' %') return `${(value * 100).toFixed(0)}${unit}`
  if (unit === ' ms' && value < 100) return `${value.toFixed(2)}${unit}`
  return `${Math.round(value).toLocaleString('en')}${unit}`
}

function ratioText(own: number | null, peer: number | null): string {
  return own === null || peer === null ? '' : (own / peer).toFixed(2)
}

function line(result: string, text: string, value: string): string {
  return `${result.padEnd(15)}${text.padEnd(62)}${value}`
}
