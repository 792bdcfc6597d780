import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Meter } from '../engine.ts'

/** What a desk counts of itself, and how Prometheus reads it. */
export interface Metrics {
  readonly meter: Meter
  readonly contentType: string
  text(): Promise<string>
  /** Shows whether the bus is there, of a desk that has one. */
  watchBus(isUp: () => boolean): void
}

const BATCH_SIZES = [1, 2, 5, 10, 20, 50, 100, 256]
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** Counters of their own for each desk. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const connections = new Gauge({
    name: 'deskbell_connections',
    help: 'Open sockets and event streams',
    labelNames: ['kind'],
    registers,
  })
  const messages = new Counter({ name: 'deskbell_messages_total', help: 'Messages taken in', registers })
  const batchSize = new Histogram({
    name: 'deskbell_commit_batch_messages',
    help: 'Messages of one commit',
    buckets: BATCH_SIZES,
    registers,
  })
  const commitSeconds = new Histogram({
    name: 'deskbell_commit_seconds',
    help: 'How long a commit took',
    buckets: SECONDS,
    registers,
  })
  const deliveries = new Counter({
    name: 'deskbell_deliveries_total',
    help: 'Events handed to connections',
    registers,
  })
  const hints = new Counter({
    name: 'deskbell_bus_events_total',
    help: 'Events told to other desks, heard from them, given up on the way, and found in the database instead',
    labelNames: ['what'],
    registers,
  })
  for (const what of ['published', 'received', 'dropped', 'repaired']) hints.inc({ what }, 0)
  const lengths = new Map<string, () => number>()
  new Gauge({
    name: 'deskbell_queue_length',
    help: 'What waits in a queue',
    labelNames: ['queue'],
    registers,
    collect() {
      for (const [queue, length] of lengths) this.set({ queue }, length())
    },
  })
  for (const kind of ['cable', 'plain', 'events']) connections.set({ kind }, 0)

  return {
    meter: {
      connections: (kind, change) => connections.inc({ kind }, change),
      committed(count, seconds) {
        messages.inc(count)
        batchSize.observe(count)
        commitSeconds.observe(seconds)
      },
      delivered: (frames) => deliveries.inc(frames),
      hints: (what, count) => hints.inc({ what }, count),
      watch: (queue, length) => void lengths.set(queue, length),
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
    watchBus(isUp) {
      new Gauge({
        name: 'deskbell_bus_up',
        help: 'Whether other desks can be reached',
        registers,
        collect() {
          this.set(isUp() ? 1 : 0)
        },
      })
    },
  }
}
