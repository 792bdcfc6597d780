/**
 * Loaded into every measured server by `--import`, so that all are asked in the same way: over the IPC channel,
 * for a full garbage collection and for what the process has used. It does nothing until it is asked.
 */
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What a server process says about itself: bytes of memory, and microseconds of processor time since its start. */
export interface Reading {
  /** Resident and its own: without pages of files, which the system drops and loads as it likes. */
  rssBytes: number
  heapUsedBytes: number
  cpuMicros: number
}

process.on('message', (question) => {
  if (question !== 'bench:collect' && question !== 'bench:read') return
  if (question === 'bench:collect') collectGarbage()
  const { user, system } = process.cpuUsage()
  const reading: Reading = {
    rssBytes: residentBytes(),
    heapUsedBytes: process.memoryUsage().heapUsed,
    cpuMicros: user + system,
  }
  process.send?.({ bench: reading })
})
// The channel must not keep a server alive that has been told to end.
process.channel?.unref()

// The last resort also gives back the room for new objects, whose size says how busy the process was a moment ago.
function collectGarbage() {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as (options: object) => void
  gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

function residentBytes(): number {
  if (process.platform !== 'linux') return process.memoryUsage.rss()
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return kilobytes === undefined ? process.memoryUsage.rss() : Number(kilobytes) * 1024
}
