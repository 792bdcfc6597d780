import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql from 'mysql2'
import type { MysqlPool } from '../store/mysql.ts'
import type { HostDatabase } from '../store/store.ts'
import { mariadbServer, postgresServer, statements } from './database-server.ts'
import { hostKysely } from './host-kysely.ts'
import type { OwnServer } from './server-process.ts'

export type DatabaseName = 'sqlite' | 'postgres' | 'mysql'

/** The database that this run of a suite is about: vitest.config.ts lists the suites that run on all of them. */
export function databaseName(): DatabaseName {
  const name = process.env.DESKBELL_TEST_DATABASE ?? 'sqlite'
  if (name === 'sqlite' || name === 'postgres' || name === 'mysql') return name
  throw new Error(`there is no database ${name}`)
}

/** An empty database for one test. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  /** What a store of the test opens: the address, a pool of MySQL, or a Kysely. */
  readonly at: string | HostDatabase
}

/** Makes an empty database of the kind that the suite runs on. Servers are started when the first test needs them. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = databaseName()
  if (name === 'sqlite') return sqliteDatabase()
  const { base } = await sharedServer(name)
  const database = `test_${randomBytes(8).toString('hex')}`
  await statements(`${base}${name === 'postgres' ? 'postgres' : ''}`, `create database ${database}`)
  return await opened(`${base}${database}`, async () => {})
}

/** Addresses of databases that a test of this file is through with. */
const idle: string[] = []

/** A database for a desk. On a server, one that has its tables already is emptied and used again: that is quicker. */
export async function deskDatabase(): Promise<TestDatabase> {
  if (databaseName() === 'sqlite') return sqliteDatabase()
  const url = idle.pop() ?? (await testDatabase()).url
  return await opened(url, async () => {
    await statements(url, ...ROOTS.map((table) => `delete from ${table}`))
    idle.push(url)
  })
}

/** The tables that all others hang on, and those that stand alone. */
const ROOTS = [
  'users',
  'admins',
  'admin_verifications',
  'erased_attempts',
  'mail_suppressions',
  'notices',
].map((table) => `support_${table}`)

function sqliteDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-'))
  const url = `sqlite:${join(folder, 'desk.db')}`
  return opened(url, async () => rmSync(folder, { recursive: true, force: true }))
}

async function opened(url: string, afterwards: () => Promise<void>): Promise<TestDatabase> {
  if (process.env.DESKBELL_TEST_KYSELY !== undefined) {
    const host = hostKysely(url)
    const dispose = async () => {
      await host.destroy()
      await afterwards()
    }
    return { url, at: host, [Symbol.asyncDispose]: dispose }
  }
  if (!url.startsWith('mysql:')) return { url, at: url, [Symbol.asyncDispose]: afterwards }
  const pool = mysql.createPool({ uri: url, charset: 'utf8mb4', connectionLimit: 10 })
  return {
    url,
    // mysql2's types leave out what its callbacks are given when all is well.
    at: pool as unknown as MysqlPool,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => pool.end(() => resolve()))
      await afterwards()
    },
  }
}

/** Where the servers of this run are noted, and which process the run is; its global set-up tells. */
export const SERVERS_VARIABLE = 'DESKBELL_TEST_SERVERS'
export const RUN_VARIABLE = 'DESKBELL_TEST_RUN'
const READY_MS = 60_000
const LOOK_MS = 50

/** A server that is there for all files of a run. */
interface SharedServer {
  /** Its address up to the name of a database. */
  base: string
}

async function sharedServer(name: 'postgres' | 'mysql'): Promise<SharedServer> {
  const servers = process.env[SERVERS_VARIABLE]
  if (servers === undefined) throw new Error('tests run with the set-up of vitest.config.ts')
  const note = join(servers, `${name}.json`)
  if (isFirst(join(servers, name))) {
    const server = await (name === 'postgres' ? postgresServer('quick') : mariadbServer('quick'))
    endWithRun(server, Number(process.env[RUN_VARIABLE]))
    writeFileSync(`${note}.new`, JSON.stringify({ base: server.url('') } satisfies SharedServer))
    renameSync(`${note}.new`, note)
  }
  const until = Date.now() + READY_MS
  for (;;) {
    try {
      return JSON.parse(readFileSync(note, 'utf8')) as SharedServer
    } catch (error) {
      if (Date.now() > until)
        throw new Error(`${name} could not be started by another test`, { cause: error })
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** A server outlives the file that started it, but not the run, however that ends. */
function endWithRun({ pid, folder, stopSignal }: OwnServer, runPid: number): void {
  const watch = `while kill -0 ${runPid} 2>/dev/null; do sleep 1; done; kill -${stopSignal.slice(3)} ${pid}`
  const clear = `while kill -0 ${pid} 2>/dev/null; do sleep 1; done; rm -rf ${folder}`
  spawn('sh', ['-c', `${watch}; ${clear}`], { detached: true, stdio: 'ignore' }).unref()
}

/** Making a folder succeeds for one of several processes. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch {
    return false
  }
}
