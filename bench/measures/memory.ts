import { setTimeout as delay } from 'node:timers/promises'
import { CONNECT_TIMEOUT_MS, GENTLE_PER_SECOND, type Measure } from './measure.ts'

const SETTLE_MS = 1_500

/**
 * Resident bytes per idle subscribed connection: what the process grows by from a first batch of connections (which
 * pays for code and pools) to many more, each time after it has come to rest and has collected its garbage.
 */
export const memory: Measure = {
  name: 'memory',
  title: 'idle connections',
  async run(arena, effort) {
    const connect = async (count: number) => {
      await arena.order('connectUsers', {
        count,
        perSecond: GENTLE_PER_SECOND,
        timeoutMs: CONNECT_TIMEOUT_MS,
      })
      await delay(SETTLE_MS)
      return arena.read('collect')
    }
    await arena.order('openChats', effort.idleBase + effort.idle)
    // Opening chats left room on the heap that the connections would fill unseen.
    await arena.restartServer()
    const before = await connect(effort.idleBase)
    const after = await connect(effort.idle)
    return {
      rssPerConnection: (after.rssBytes - before.rssBytes) / effort.idle,
      heapPerConnection: (after.heapUsedBytes - before.heapUsedBytes) / effort.idle,
    }
  },
}
