import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

/** A database server of a test's own, on a free port, with its data in a temporary folder. */
export interface DatabaseServer extends AsyncDisposable {
  readonly pid: number
  /** What ends it at once, and for good. */
  readonly stopSignal: 'SIGQUIT' | 'SIGKILL'
  /** Where its data and its log are. */
  readonly folder: string
  /** The address of one of its databases. */
  url(database: string): string
  /** Ends it in the middle of what it does. */
  crash(): Promise<void>
  /** Starts it again where it was, with the same data. */
  restart(): Promise<void>
}

/** What differs between servers: how one is made, started, reached, and asked whether it answers. */
interface Make {
  /** As whom it runs where this process is root, which it refuses to be. */
  account: string
  /** Programs that it is made of; the first is the server. */
  programs: readonly string[]
  packageName: string
  initialise(folder: string): string[]
  serve(folder: string, port: number): string[]
  url(port: number, database: string): string
  /** Resolves when it answers. */
  ask(url: string): Promise<void>
}

const FAST_POSTGRES = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
const FAST_MARIADB = [
  '--innodb-flush-log-at-trx-commit=0',
  '--sync-binlog=0',
  '--innodb-doublewrite=0',
  '--innodb-flush-method=nosync',
]

/** Where a test is about what survives, the server keeps it; elsewhere it is quick. */
export type Durability = 'quick' | 'durable'

export async function postgresServer(durability: Durability): Promise<DatabaseServer> {
  const all = (durability === 'quick' ? FAST_POSTGRES : []).flatMap((one) => ['-c', one])
  return await DatabaseProcess.start({
    account: 'postgres',
    programs: ['postgres', 'initdb'],
    packageName: 'postgresql',
    initialise: (folder) => [
      'initdb',
      '-D',
      join(folder, 'data'),
      '-A',
      'trust',
      '-U',
      'postgres',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '-N',
    ],
    serve: (folder, port) => [
      'postgres',
      '-D',
      join(folder, 'data'),
      '-h',
      '127.0.0.1',
      '-p',
      `${port}`,
      '-k',
      folder,
      ...all,
    ],
    url: (port, database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    ask: (url) => postgresAnswer(url, ['select 1']),
  })
}

export async function mariadbServer(durability: Durability): Promise<DatabaseServer> {
  const all = durability === 'quick' ? FAST_MARIADB : []
  const data = (folder: string) => `--datadir=${join(folder, 'data')}`
  return await DatabaseProcess.start({
    account: 'mysql',
    programs: ['mariadbd', 'mariadb-install-db'],
    packageName: 'mariadb-server',
    initialise: (folder) => [
      'mariadb-install-db',
      '--no-defaults',
      data(folder),
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ],
    serve: (folder, port) => [
      'mariadbd',
      '--no-defaults',
      data(folder),
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 's')}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--skip-name-resolve',
      ...all,
    ],
    url: (port, database) => `mysql://root@127.0.0.1:${port}/${database}`,
    ask: (url) => mariadbAnswer(url, ['select 1']),
  })
}

/** Runs statements on a server, or on one of its databases, without any code of the desk. */
export async function statements(url: string, ...all: string[]): Promise<void> {
  if (url.startsWith('postgres:')) await postgresAnswer(url, all)
  else await mariadbAnswer(url, all)
}

async function postgresAnswer(url: string, statements: readonly string[]): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => {}) // it may be the server that is being killed
  try {
    await client.connect()
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

async function mariadbAnswer(url: string, statements: readonly string[]): Promise<void> {
  const { default: mysql } = await import('mysql2/promise')
  const connection = await mysql.createConnection({ uri: url, connectTimeout: 5_000 })
  try {
    for (const statement of statements) await connection.query(statement)
  } finally {
    await connection.end()
  }
}

const READY_MS = 30_000
const LOOK_MS = 20

class DatabaseProcess implements DatabaseServer {
  readonly #make: Make
  readonly folder: string
  readonly #port: number
  #child: ChildProcess | undefined

  private constructor(make: Make, folder: string, port: number) {
    this.#make = make
    this.folder = folder
    this.#port = port
  }

  static async start(make: Make): Promise<DatabaseProcess> {
    for (const program of make.programs) programFile(program, make.packageName)
    const folder = mkdtempSync(join(tmpdir(), 'deskbell-database-'))
    chmodSync(folder, 0o755)
    if (isRoot()) chownSync(folder, idOf('-u', make.account), idOf('-g', make.account))
    const [program = '', ...args] = command(make, make.initialise(folder))
    execFileSync(program, args, { cwd: folder, stdio: 'pipe', env: environment(folder) })
    const server = new DatabaseProcess(make, folder, await freePort())
    await server.restart()
    return server
  }

  /** PostgreSQL's own word for "at once": killed, it would leave processes behind that the next start stumbles over. */
  get stopSignal(): 'SIGQUIT' | 'SIGKILL' {
    return this.#make.account === 'postgres' ? 'SIGQUIT' : 'SIGKILL'
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  url(database: string): string {
    return this.#make.url(this.#port, database)
  }

  async restart(): Promise<void> {
    const [program = '', ...args] = command(this.#make, this.#make.serve(this.folder, this.#port))
    const log = join(this.folder, 'log')
    const output = openSync(log, 'a')
    // Detached: a server that several test files share goes on when the file that started it is through.
    const child = spawn(program, args, {
      cwd: this.folder,
      stdio: ['ignore', output, output],
      env: environment(this.folder),
      detached: true,
    })
    child.unref()
    this.#child = child
    const database = this.#make.account === 'postgres' ? 'postgres' : ''
    const until = Date.now() + READY_MS
    for (;;) {
      try {
        return await this.#make.ask(this.url(database))
      } catch (error) {
        if (child.exitCode !== null || Date.now() > until) {
          throw new Error(`the database server did not start:\n${readFileSync(log, 'utf8')}`, {
            cause: error,
          })
        }
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }

  async crash(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill(this.stopSignal)
    await ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.crash()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** The command as the account that the server wants; it keeps the process id. */
function command({ account, packageName }: Make, [program = '', ...args]: string[]): string[] {
  const file = programFile(program, packageName)
  if (!isRoot()) return [file, ...args]
  return ['setpriv', `--reuid=${account}`, `--regid=${account}`, '--clear-groups', '--', file, ...args]
}

function programFile(program: string, packageName: string): string {
  const versions = '/usr/lib/postgresql'
  const newest = existsSync(versions) ? readdirSync(versions).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...newest.map((version) => join(versions, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
  ]
  const folder = folders.find((one) => existsSync(join(one, program)))
  if (folder === undefined) {
    throw new Error(
      `The tests need ${program}: please install ${packageName} (Debian: apt-get install ${packageName}).`,
    )
  }
  return join(folder, program)
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

function idOf(which: '-u' | '-g', account: string): number {
  return Number(execFileSync('id', [which, account], { encoding: 'utf8' }))
}

function environment(folder: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C.UTF-8', TZ: 'UTC' }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}
