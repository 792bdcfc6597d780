import { CONNECT_TIMEOUT_MS, type Figures, GENTLE_PER_SECOND, type Measure } from './measure.ts'

const WARM_UP_SECONDS = 1

/** Time from when a message was due to its acknowledgement, at fixed rates. */
export const latency: Measure = {
  name: 'latency',
  title: 'fixed rates',
  async run(arena, effort) {
    await arena.order('openChats', effort.clients)
    const connecting = { count: effort.clients, perSecond: GENTLE_PER_SECOND, timeoutMs: CONNECT_TIMEOUT_MS }
    await arena.order('connectUsers', connecting)
    await arena.order('closedLoop', effort.warmUpSeconds)
    const figures: Figures = {}
    for (const rate of effort.rates) {
      await arena.order('openLoop', { rate, seconds: WARM_UP_SECONDS })
      const run = await arena.order('openLoop', { rate, seconds: effort.rateSeconds })
      figures[`p50Ms@${rate}`] = run.wasHeld ? run.p50Ms : null
      figures[`p99Ms@${rate}`] = run.wasHeld ? run.p99Ms : null
    }
    return figures
  },
}
