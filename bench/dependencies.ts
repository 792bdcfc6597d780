import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const SERVER = 'packages/server'

interface LockedPackage {
  link?: boolean
  resolved?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
  hasInstallScript?: boolean
}

interface Weight {
  packages: number
  bytes: number
}

/** What installing `deskbell` brings along; what only better-auth needs is counted apart. */
export async function weighDependencies() {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>
  }
  const all = reachable(lock.packages, [])
  const own = reachable(lock.packages, ['better-auth'])
  const extra = new Set([...all].filter((path) => !own.has(path)))
  return {
    own: await weigh(own),
    betterAuth: await weigh(extra),
    installScripts: [...all].filter((path) => lock.packages[path]?.hasInstallScript === true),
  }
}

/** The installed packages that the server leads to, by their paths in the lockfile, as npm resolves them. */
function reachable(packages: Record<string, LockedPackage>, without: string[]): Set<string> {
  const found = new Set<string>()
  const visit = (from: string) => {
    const entry = packages[from] ?? {}
    const required = Object.keys(entry.peerDependencies ?? {}).filter(
      (name) => entry.peerDependenciesMeta?.[name]?.optional !== true,
    )
    const names = [
      ...Object.keys(entry.dependencies ?? {}),
      ...Object.keys(entry.optionalDependencies ?? {}),
      ...required,
    ]
    for (const name of names) {
      if (without.includes(name)) continue
      const path = resolve(packages, from, name)
      if (path === null || found.has(path)) continue
      found.add(path)
      visit(path)
    }
  }
  visit(SERVER)
  return found
}

function resolve(packages: Record<string, LockedPackage>, from: string, name: string): string | null {
  let folder = from
  while (true) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    const entry = packages[path]
    if (entry !== undefined) return entry.link === true ? (entry.resolved ?? path) : path
    if (folder === '') return null
    folder = folder.includes('/node_modules/') ? folder.slice(0, folder.lastIndexOf('/node_modules/')) : ''
  }
}

async function weigh(paths: Set<string>): Promise<Weight> {
  let bytes = 0
  for (const path of paths) bytes += await sizeOf(join(ROOT, path))
  return { packages: paths.size, bytes }
}

/** Bytes of a package's files, without packages that are nested in it: those are counted by themselves. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += await sizeOf(path)
    else if (entry.isFile()) bytes += (await stat(path)).size
  }
  return bytes
}
