import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from './client.ts'
import type { Fleet } from './fleet.ts'

/** How long stragglers may take after a measure before they count as lost. */
const DRAIN_MS = 20_000

/** What a run of messages showed. Latencies in milliseconds. */
export interface Run {
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** Whether everything was acknowledged within half a second of the end of the schedule. */
  wasHeld: boolean
}

/** Every user sends as soon as the last message is acknowledged, one in flight each. */
export async function closedLoop(fleet: Fleet, seconds: number): Promise<Run> {
  const latencies: number[] = []
  let isRunning = true
  fleet.onAcknowledged = (client, dueMs) => {
    if (!isRunning) return
    const now = performance.now()
    latencies.push(now - dueMs)
    client.send(now)
  }
  const startMs = performance.now()
  for (const user of fleet.users) user.send(performance.now())
  await delay(seconds * 1000)
  isRunning = false
  const tookMs = performance.now() - startMs
  const count = latencies.length
  await drain(fleet)
  return { perSecond: (count * 1000) / tookMs, ...percentiles(latencies), wasHeld: true }
}

/**
 * Messages become due at a fixed rate, whatever the server does; each one's latency counts from when it was due, so a
 * server that stalls is charged for all that waited (no coordinated omission). The loop spins to be on time.
 */
export async function openLoop(fleet: Fleet, rate: number, seconds: number): Promise<Run> {
  const latencies: number[] = []
  let lastAckMs = 0
  fleet.onAcknowledged = (_client, dueMs) => {
    lastAckMs = performance.now()
    latencies.push(lastAckMs - dueMs)
  }
  const total = rate * seconds
  const startMs = performance.now()
  await new Promise<void>((resolve) => {
    let sent = 0
    const tick = () => {
      const due = Math.min(total, Math.floor(((performance.now() - startMs) * rate) / 1000) + 1)
      for (; sent < due; sent++) fleet.users[sent % fleet.users.length]?.send(startMs + (sent * 1000) / rate)
      if (sent < total) setImmediate(tick)
      else resolve()
    }
    tick()
  })
  await drain(fleet)
  const tookMs = lastAckMs - startMs
  const wasHeld = latencies.length === total && tookMs < seconds * 1000 + 500
  return { perSecond: (latencies.length * 1000) / tookMs, ...percentiles(latencies), wasHeld }
}

/** One user's message at a time, each when the one before has reached every admin; latency per delivery. */
export async function fanOut(fleet: Fleet, messages: number): Promise<Run> {
  const latencies: number[] = []
  const sender = fleet.users[0] as Client
  const startMs = performance.now()
  let missing = 0
  for (let sent = 0; sent < messages; sent++) {
    missing = fleet.admins.length
    const sentMs = performance.now()
    const everyone = new Promise<void>((resolve) => {
      fleet.onNotified = () => {
        latencies.push(performance.now() - sentMs)
        if (--missing === 0) resolve()
      }
    })
    sender.send(sentMs)
    await Promise.race([everyone, delay(DRAIN_MS, undefined, { ref: false })])
    fleet.faults.lost += Math.max(0, missing)
    // Lets the server finish what it does after a message, so that messages do not meet.
    await delay(10)
  }
  const tookMs = performance.now() - startMs
  return { perSecond: (latencies.length * 1000) / tookMs, ...percentiles(latencies), wasHeld: true }
}

async function drain(fleet: Fleet) {
  const untilMs = performance.now() + DRAIN_MS
  while (fleet.users.some((user) => user.inFlight > 0) && performance.now() < untilMs) {
    // What was refused will not be acknowledged: there is nothing to wait for.
    if (fleet.faults.refused > 0) return
    await delay(5)
  }
}

function percentiles(latencies: number[]) {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}
