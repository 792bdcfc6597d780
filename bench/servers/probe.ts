/**
 * Loaded into every measured server by `--import`, so that all are asked in the same way: over the IPC channel,
 * for a full garbage collection and for what the process has used. It does nothing until it is asked.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What a server process says about itself: bytes of memory, and microseconds of processor time since its start. */
export interface Reading {
  rssBytes: number
  heapUsedBytes: number
  externalBytes: number
  cpuMicros: number
}

process.on('message', (question) => {
  if (question !== 'bench:collect' && question !== 'bench:read') return
  if (question === 'bench:collect') collectGarbage()
  const { rss, heapUsed, external } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const reading: Reading = {
    rssBytes: rss,
    heapUsedBytes: heapUsed,
    externalBytes: external,
    cpuMicros: user + system,
  }
  process.send?.({ bench: reading })
})
// The channel must not keep a server alive that has been told to end.
process.channel?.unref()

function collectGarbage() {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  gc()
  gc()
}
