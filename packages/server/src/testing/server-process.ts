import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { freePort } from './free-port.ts'
import { SmallDisk } from './small-disk.ts'

/** A server of a test's own, on a free port, with its data in a temporary folder. */
export interface OwnServer extends AsyncDisposable {
  readonly pid: number
  /** All its processes. */
  pids(): number[]
  /** What ends it at once, and for good. */
  readonly stopSignal: 'SIGQUIT' | 'SIGKILL'
  /** Where its data and its log are. */
  readonly folder: string
  readonly port: number
  /** The disk of its own that it was made with. Throws where it has none. */
  readonly disk: SmallDisk
  /** Its address: of one of its databases, where it has several. */
  url(database?: string): string
  /** Ends it in the middle of what it does. */
  crash(): Promise<void>
  /** Starts it again where it was, with the same data. */
  restart(): Promise<void>
  /** Stops it where it is: its connections stay open, and nobody answers. */
  stall(): void
  /** Lets it go on after a stall. */
  resume(): void
}

/** What differs between servers: how one is made, started, reached, and asked whether it answers. */
export interface Make {
  /** As whom it runs where this process is root, which it refuses to be. */
  account: string
  /** What ends it at once, and for good. */
  stopSignal: 'SIGQUIT' | 'SIGKILL'
  /** Programs that it is made of; the first is the server. */
  programs: readonly string[]
  packageName: string
  /** A place in its folder that is a disk of its own. */
  disk?: string
  /** Whether a certificate lies in its folder that it has signed itself. */
  isCertified?: boolean
  /** What is done in its folder before it is started for the first time, if anything. */
  initialise?(folder: string): string[]
  serve(folder: string, port: number): string[]
  url(port: number, database: string): string
  /** Resolves when it answers. */
  ask(port: number): Promise<void>
}

const READY_MS = 30_000
const LOOK_MS = 20
/** More than hours of chaos write; memory is taken for what is written only. */
const DISK_BYTES = 2 ** 30

export class ServerProcess implements OwnServer {
  readonly #make: Make
  readonly folder: string
  readonly #port: number
  #child: ChildProcess | undefined
  #isStalled = false
  #disk: SmallDisk | undefined

  private constructor(make: Make, folder: string, port: number) {
    this.#make = make
    this.folder = folder
    this.#port = port
  }

  static async start(make: Make): Promise<ServerProcess> {
    for (const program of make.programs) programFile(program, make.packageName)
    const folder = mkdtempSync(join(tmpdir(), 'deskbell-server-'))
    chmodSync(folder, 0o755)
    if (isRoot()) chownSync(folder, idOf('-u', make.account), idOf('-g', make.account))
    const [program, ...args] = make.initialise === undefined ? [] : command(make, make.initialise(folder))
    if (program !== undefined)
      execFileSync(program, args, { cwd: folder, stdio: 'pipe', env: environment(folder) })
    if (make.isCertified === true) certify(make, folder)
    const server = new ServerProcess(make, folder, await freePort())
    if (make.disk !== undefined) {
      const place = join(folder, make.disk)
      mkdirSync(place)
      const owner = { user: idOf('-u', make.account), group: idOf('-g', make.account) }
      server.#disk = await SmallDisk.over(place, DISK_BYTES, owner)
    }
    await server.restart()
    return server
  }

  get stopSignal(): 'SIGQUIT' | 'SIGKILL' {
    return this.#make.stopSignal
  }

  get port(): number {
    return this.#port
  }

  get disk(): SmallDisk {
    if (this.#disk === undefined) throw new Error('it has no disk of its own')
    return this.#disk
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  pids(): number[] {
    const all = execFileSync('ps', ['-A', '-o', 'pid=', '-o', 'ppid='], { encoding: 'utf8' })
    const pairs = all
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
    return [this.pid, ...pairs.flatMap(([pid = 0, parent]) => (parent === this.pid ? [pid] : []))]
  }

  url(database = ''): string {
    return this.#make.url(this.#port, database)
  }

  async restart(): Promise<void> {
    const serve = command(this.#make, this.#make.serve(this.folder, this.#port))
    const [program = '', ...args] = this.#disk?.seenBy(serve) ?? serve
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
    const until = Date.now() + READY_MS
    for (;;) {
      try {
        return await this.#make.ask(this.#port)
      } catch (error) {
        if (child.exitCode !== null || Date.now() > until) {
          throw new Error(`the server did not start:\n${readFileSync(log, 'utf8')}`, {
            cause: error,
          })
        }
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }

  stall(): void {
    this.#isStalled = true
    for (const pid of this.pids()) process.kill(pid, 'SIGSTOP')
  }

  resume(): void {
    this.#isStalled = false
    for (const pid of this.pids()) process.kill(pid, 'SIGCONT')
  }

  async crash(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    if (this.#isStalled) this.resume()
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.ref() // its end is waited for
    child.kill(this.stopSignal)
    await ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.crash()
    this.#disk?.remove()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export const CERTIFICATE = 'server.crt'
export const KEY = 'server.key'

/** Nobody trusts it who is not told to. Its key is the account's alone, or PostgreSQL refuses it. */
function certify({ account }: Make, folder: string): void {
  const [program = '', ...args] = command({ account, packageName: 'openssl' }, [
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', KEY, '-out', CERTIFICATE, '-days', '2', '-subj', '/CN=server.test'],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
  ])
  execFileSync(program, args, { cwd: folder, stdio: 'pipe', env: environment(folder) })
}

/** The command as the account that the server wants; it keeps the process id. */
function command(
  { account, packageName }: Pick<Make, 'account' | 'packageName'>,
  [program = '', ...args]: string[],
): string[] {
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

/** Of the account where this process is root, else its own. */
function idOf(which: '-u' | '-g', account: string): number {
  return Number(execFileSync('id', isRoot() ? [which, account] : [which], { encoding: 'utf8' }))
}

function environment(folder: string): NodeJS.ProcessEnv {
  // MariaDB clears its place for temporary tables when it starts, also of those of other servers.
  return { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, LC_ALL: 'C.UTF-8', TZ: 'UTC' }
}
