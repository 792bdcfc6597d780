import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RUN_VARIABLE, SERVERS_VARIABLE } from './databases.ts'

/** Lets the files of a run share their database servers. */
export function setup(): () => void {
  const servers = mkdtempSync(join(tmpdir(), 'deskbell-servers-'))
  process.env[SERVERS_VARIABLE] = servers
  process.env[RUN_VARIABLE] = String(process.pid)
  return () => rmSync(servers, { recursive: true, force: true })
}
