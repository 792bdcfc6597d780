import { CONNECT_TIMEOUT_MS, GENTLE_PER_SECOND, type Measure } from './measure.ts'

/** Durable messages per second, many clients with one message in flight each. */
export const throughput: Measure = {
  name: 'throughput',
  title: 'closed loop',
  async run(arena, effort) {
    await arena.order('openChats', effort.clients)
    const connecting = { count: effort.clients, perSecond: GENTLE_PER_SECOND, timeoutMs: CONNECT_TIMEOUT_MS }
    await arena.order('connectUsers', connecting)
    await arena.order('closedLoop', effort.warmUpSeconds)
    const before = await arena.read()
    const run = await arena.order('closedLoop', effort.closedLoopSeconds)
    const after = await arena.read()
    const cpuMicros = after.cpuMicros - before.cpuMicros
    return {
      perSecond: run.perSecond,
      p50Ms: run.p50Ms,
      p99Ms: run.p99Ms,
      serverCpuMicros: cpuMicros / (run.perSecond * effort.closedLoopSeconds),
      serverCpuShare: cpuMicros / (effort.closedLoopSeconds * 1e6),
      loadCpuShare: run.cpuShare,
    }
  },
}
