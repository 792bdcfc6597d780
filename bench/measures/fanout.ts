import { CONNECT_TIMEOUT_MS, GENTLE_PER_SECOND, type Measure } from './measure.ts'

const WARM_UP_MESSAGES = 20

/** Time from a user's sending to each admin's receiving, over all admins. */
export const fanout: Measure = {
  name: 'fanout',
  title: 'fan-out',
  async run(arena, effort) {
    const connecting = { perSecond: GENTLE_PER_SECOND, timeoutMs: CONNECT_TIMEOUT_MS }
    await arena.order('openChats', 1)
    await arena.order('connectUsers', { count: 1, ...connecting })
    await arena.order('connectAdmins', { count: effort.admins, ...connecting })
    await arena.order('fanOut', WARM_UP_MESSAGES)
    const before = await arena.read()
    const { p50Ms, p99Ms } = await arena.order('fanOut', effort.fanOutMessages)
    const after = await arena.read()
    const deliveries = effort.fanOutMessages * effort.admins
    return { p50Ms, p99Ms, serverCpuMicros: (after.cpuMicros - before.cpuMicros) / deliveries }
  },
}
