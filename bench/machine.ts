import { readFile, statfs } from 'node:fs/promises'
import { arch, availableParallelism, cpus, platform, release, tmpdir, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { syncP50Ms } from './disk.ts'
import { canPin } from './processes.ts'

const TMPFS = 0x01021994

/** What the figures were made on and with. */
export interface Machine {
  processor: string
  cores: number
  memoryGb: number
  system: string
  /** Whether server and load had a core each. */
  isPinned: boolean
  /** False where the temporary folder is in memory, and durable figures mean nothing. */
  isOnDisk: boolean
  /** What the disk takes to make one page durable, at 500 a second: no durable server answers sooner. */
  syncP50Ms: number
  versions: Record<string, string>
}

export async function describeMachine(): Promise<Machine> {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    isPinned: canPin,
    isOnDisk: (await statfs(tmpdir())).type !== TMPFS,
    syncP50Ms: await syncP50Ms(),
    versions: {
      node: process.versions.node,
      sqlite: process.versions.sqlite ?? 'unknown',
      deskbell: await versionIn('../packages/server/package.json'),
      ws: await versionIn('../node_modules/ws/package.json'),
      'socket.io': await versionIn('../node_modules/socket.io/package.json'),
    },
  }
}

async function versionIn(manifest: string): Promise<string> {
  const text = await readFile(fileURLToPath(new URL(manifest, import.meta.url)), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
