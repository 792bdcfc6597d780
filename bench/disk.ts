import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const PAGE = Buffer.alloc(4096, 1)
const PAGES = 256
const SYNCS = 500
const PACE_MS = 2

/** The median time of one fsync after one page was written again, with a pause before the next as at 500 messages/s. */
export async function syncP50Ms(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'deskbell-disk-'))
  const file = await open(join(folder, 'pages'), 'w+')
  try {
    await file.write(Buffer.alloc(PAGES * PAGE.length, 2))
    await file.sync()
    const took: number[] = []
    for (let sync = 0; sync < SYNCS; sync++) {
      took.push(await syncOne(file, (sync % PAGES) * PAGE.length))
      await delay(PACE_MS)
    }
    return took.sort((a, b) => a - b)[SYNCS >> 1] ?? Number.NaN
  } finally {
    await file.close()
    await rm(folder, { recursive: true })
  }
}

async function syncOne(file: FileHandle, at: number): Promise<number> {
  await file.write(PAGE, 0, PAGE.length, at)
  const startMs = performance.now()
  await file.sync()
  return performance.now() - startMs
}
