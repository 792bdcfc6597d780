import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../packages/server/src/testing/free-port.ts'
import { listening } from './arena.ts'
import { deskbellProgram } from './contenders.ts'
import { weighDependencies } from './dependencies.ts'
import { Child } from './processes.ts'

/** One of ARCHITECTURE's budgets with what was measured. */
export interface Budget {
  text: string
  value: string
  isKept: boolean
}

const LIMITS = { packages: 60, megabytes: 60, idleMegabytes: 150, startMs: 1_500 }
const IDLE_AFTER_MS = 3_000
const STARTS = 3

/** Measures what `deskbell` weighs: on disk, in memory at rest, and at its start. */
export async function measureBudgets(tell: (progress: string) => void): Promise<Budget[]> {
  tell('budgets: dependencies')
  const weight = await weighDependencies()
  const budgets: Budget[] = [
    {
      text: `run-time packages of deskbell: at most ${LIMITS.packages}`,
      value: `${weight.own.packages} (better-auth adds ${weight.betterAuth.packages})`,
      isKept: weight.own.packages <= LIMITS.packages,
    },
    {
      text: `size of the run-time packages: at most ${LIMITS.megabytes} MB`,
      value: `${megabytes(weight.own.bytes)} MB (better-auth adds ${megabytes(weight.betterAuth.bytes)} MB)`,
      isKept: weight.own.bytes <= LIMITS.megabytes * 1e6,
    },
    {
      text: 'run-time packages with install scripts: none',
      value: weight.installScripts.join(', ') || 'none',
      isKept: weight.installScripts.length === 0,
    },
  ]
  tell('budgets: starting the demo')
  const starts = []
  for (let count = 0; count < STARTS; count++) starts.push(await startDemo())
  const startMs = middle(starts.map((start) => start.listeningMs))
  const idleBytes = middle(starts.map((start) => start.idleBytes))
  budgets.push(
    {
      text: `deskbell --demo listening: within ${LIMITS.startMs} ms`,
      value: `${Math.round(startMs)} ms`,
      isKept: startMs <= LIMITS.startMs,
    },
    {
      text: `idle memory of the demo's process: at most ${LIMITS.idleMegabytes} MB`,
      value: `${megabytes(idleBytes)} MB`,
      isKept: idleBytes <= LIMITS.idleMegabytes * 1e6,
    },
  )
  return budgets
}

async function startDemo() {
  const folder = await mkdtemp(join(tmpdir(), 'deskbell-bench-'))
  const port = await freePort()
  const startMs = performance.now()
  try {
    await using server = new Child(null, [...deskbellProgram(), 'start', '--demo'], {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: `sqlite:${join(folder, 'deskbell.db')}`,
    })
    await listening(port, server)
    const listeningMs = performance.now() - startMs
    await delay(IDLE_AFTER_MS)
    return { listeningMs, idleBytes: residentBytes(server.process.pid ?? 0) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function residentBytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024
}

function middle(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
