import { chatStream } from '@deskbell/protocol'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { type BusEnd, busEnd, hears } from '../../testing/bus-end.ts'
import { busServer } from '../../testing/bus-server.ts'
import { waited } from '../../testing/waited.ts'
import { clusterAddress, RedisClusterLine } from './redis-cluster.ts'
import { RemoteBus } from './remote.ts'

/** So many that each node has some of them. */
const STREAMS = Array.from({ length: 20 }, (_, index) => chatStream(`${index}`))

test('[P4] desks that connect again while a node hangs hear each other when it goes on', async () => {
  await using server = await busServer('Redis Cluster')
  const address = clusterAddress(server.url)
  const lines = [new RedisClusterLine(address), new RedisClusterLine(address)] as const
  await using here = await busEnd(new RemoteBus(lines[0]), 'desk')
  await using there = await busEnd(new RemoteBus(lines[1]), 'desk')
  const pids = server.pids()
  expect(pids).toHaveLength(address.nodes.length)
  for (const stream of STREAMS) there.bus.follow(stream)
  await hearAll(there, here)

  for (const [index, pid] of pids.entries()) {
    process.kill(pid, 'SIGSTOP')
    try {
      for (const line of lines) line.reset()
      await isBroken(address.nodes.at(index - 1)?.port)
      for (const line of lines) line.reset()
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await hearAll(there, here)
  }
})

async function hearAll(to: BusEnd, from: BusEnd): Promise<void> {
  for (const stream of STREAMS) await hears(to, from, stream)
}

/** Resolves when a node has noticed that another one is missing. */
async function isBroken(port = 0): Promise<void> {
  const client = new Redis(port, '127.0.0.1')
  const isSo = async () => String(await client.cluster('INFO')).includes('cluster_state:fail')
  await waited('the cluster is broken', isSo).finally(() => client.disconnect())
}
