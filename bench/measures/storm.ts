import { CONNECT_TIMEOUT_MS, type Measure } from './measure.ts'

const WARM_UP_CONNECTIONS = 200

/** Time until everyone who connects at once is subscribed again. */
export const storm: Measure = {
  name: 'storm',
  title: 'reconnect storm',
  async run(arena, effort) {
    await arena.order('openChats', WARM_UP_CONNECTIONS + effort.storm)
    const atOnce = { perSecond: 0, timeoutMs: CONNECT_TIMEOUT_MS }
    await arena.order('connectUsers', { count: WARM_UP_CONNECTIONS, ...atOnce })
    const before = await arena.read()
    const { tookMs, p50Ms } = await arena.order('connectUsers', { count: effort.storm, ...atOnce })
    const after = await arena.read()
    return { tookMs, p50Ms, serverCpuMicros: (after.cpuMicros - before.cpuMicros) / effort.storm }
  },
}
