import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Where a desk keeps what belongs to it beside the database. */
export function dataFolder(databaseUrl: string): string {
  const file = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(databaseUrl)?.[1]
  return file === undefined || file === ':memory:' ? resolve('deskbell-data') : dirname(resolve(file))
}

/** The secret that an earlier demo made, if there is one. */
export function keptSecret(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'secret'), 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}

/** The demo's secret: made once, readable by its owner only. */
export function keepSecret(folder: string): string {
  const known = keptSecret(folder)
  if (known !== undefined) return known
  mkdirSync(folder, { recursive: true })
  const secret = randomBytes(32).toString('base64url')
  writeFileSync(join(folder, 'secret'), `${secret}\n`, { mode: 0o600, flag: 'wx' })
  return secret
}
