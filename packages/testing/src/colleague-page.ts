import { setTimeout as delay } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { InboxRow } from '../../dashboard/src/inbox/rows.ts'
import { LossyNetwork } from './lossy-network.ts'
import type { Desk, Said, Wanted } from './team.ts'

// A page of the dashboard without a screen: one admin in a thread of their own, at work until told to stop.
const { url, token, work: kind } = workerData as Desk
const network = new LossyNetwork()
const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
Object.assign(globalThis, {
  window: new EventTarget(),
  document,
  location: new URL('/admin/chats', url),
  WebSocket: class extends network.WebSocket {
    constructor(address: string, protocols: string[]) {
      super(`${address}?token=${token}`, protocols)
    }
  },
  fetch: (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${token}`)
    return network.fetch(new URL(path, url), { ...init, headers })
  },
})
// Only now: it looks at the page that it is on.
const { Colleague } = await import('../../dashboard/src/testing/colleague.ts')
const colleague = new Colleague()
const did = { answers: 0, changes: 0, undone: 0, erased: 0, cuts: 0 }
let isStopped = false

const say = (what: Said) => parentPort?.postMessage(what)
const chance = (share: number) => Math.random() < share
const oneOf = (rows: readonly InboxRow[]) => rows[Math.floor(Math.random() * Math.min(rows.length, 80))]

/** A pause that ends early when it is time to stop. */
const stopping = new AbortController()
const pause = (leastMs: number, mostMs: number) =>
  delay(leastMs + Math.random() * (mostMs - leastMs), undefined, { signal: stopping.signal }).catch(() => {})

parentPort?.on('message', (wanted: Wanted) => {
  if (wanted === 'stop') stop()
  if (wanted === 'show') {
    say({ type: 'shown', active: colleague.shown('active'), archived: colleague.shown('archived') })
  }
  if (wanted === 'close') {
    colleague.close()
    parentPort?.close()
  }
})

await atRest()
say({ type: 'ready' })
await Promise.all([work(), loseConnections()])
network.restore()
await atRest()
say({ type: 'stopped', did })

async function atRest(): Promise<void> {
  while (!colleague.isAtRest()) await delay(5)
}

function stop(): void {
  isStopped = true
  stopping.abort()
}

async function work(): Promise<void> {
  while (!isStopped) {
    await pause(50, 900)
    const row = oneOf(colleague.shown('active').rows)
    const archived = oneOf(colleague.shown('archived').rows)
    const dice = Math.random()
    if (dice < 0.1) colleague.scroll(chance(0.7) ? 'active' : 'archived')
    else if (dice < 0.45 && kind === 'all') write()
    else if (dice < 0.55) archived && change(archived, false)
    else if (row === undefined) continue
    else if (dice < 0.75 || kind === 'lists') void putAside(row)
    else if (dice < 0.97) colleague.open(row)
    else await erase(row)
  }
}

function write(): void {
  did.answers++
  colleague.answer(`Answer ${did.answers}: yes, it is.`)
}

function change(row: InboxRow, isArchived: boolean): void {
  did.changes++
  colleague.setArchived(row, isArchived)
}

async function putAside(row: InboxRow): Promise<void> {
  change(row, true)
  if (chance(0.6)) return
  await pause(0, 3_000)
  did.undone++
  colleague.setArchived(row, false)
}

async function erase(row: InboxRow): Promise<void> {
  try {
    say({ type: 'erased', userId: await colleague.erase(row) })
    did.erased++
  } catch {
    // Gone already, or out of reach: nobody is erased by accident.
  }
}

/** Their train has tunnels: sockets break, answers are lost on the way, everything is out of reach for a while. */
async function loseConnections(): Promise<void> {
  while (!isStopped) {
    await pause(1_000, 8_000)
    if (isStopped) return
    did.cuts++
    if (chance(0.4)) network.isDeaf = true
    else if (chance(0.5)) network.isUp = false
    await pause(0, 500)
    network.cut()
    await pause(0, 2_000)
    network.restore()
  }
}
