import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RUN_VARIABLE, SERVERS_VARIABLE } from './databases.ts'
import { startJudge } from './mysql8-judge.ts'

/** Lets the files of a run share their database servers, and who reads their statements as MySQL 8 would. */
export async function setup(): Promise<() => void> {
  const servers = mkdtempSync(join(tmpdir(), 'deskbell-servers-'))
  process.env[SERVERS_VARIABLE] = servers
  process.env[RUN_VARIABLE] = String(process.pid)
  const endJudge = await startJudge()
  return () => {
    endJudge()
    rmSync(servers, { recursive: true, force: true })
  }
}
