import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'

/** Whose a disk is: where this process is root, another account's, else its own. */
export interface Owner {
  user: number
  group: number
}

const REFUSED = 'This test makes a small disk: run it as root, or where users may make namespaces.'
const LONGEST_MS = 20_000

/** A disk of memory in a place that only those see who are started on it. It can be full, and outlives their processes. */
export class SmallDisk {
  readonly #place: string
  readonly #bytes: number
  readonly #holder: ChildProcess
  readonly #owner: Owner

  private constructor(place: string, bytes: number, owner: Owner, holder: ChildProcess) {
    this.#place = place
    this.#bytes = bytes
    this.#owner = owner
    this.#holder = holder
  }

  /** An empty disk of so many bytes over a folder. Throws where this is not permitted. */
  static async over(place: string, bytes: number, owner: Owner): Promise<SmallDisk> {
    const whose = isRoot() ? `,uid=${owner.user},gid=${owner.group}` : ''
    const mount = `mount -t tmpfs -o size=${bytes},mode=0700${whose} tmpfs "$0" && echo mounted && exec cat`
    const namespaces = isRoot() ? ['--mount'] : ['--map-root-user', '--mount']
    const holder = spawn('unshare', [...namespaces, 'sh', '-c', mount, place], {
      // It ends with whoever holds the other end of its input.
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    })
    const ended = new Promise<never>((_, reject) => {
      for (const event of ['error', 'exit']) holder.once(event, () => reject(new Error(REFUSED)))
    })
    ended.catch(() => {})
    await Promise.race([once(holder.stdout, 'data'), ended])
    holder.stdout.destroy()
    // A pipe of a child is a socket, which would keep this process waiting.
    if (holder.stdin instanceof Socket) holder.stdin.unref()
    holder.unref()
    return new SmallDisk(place, bytes, owner, holder)
  }

  /** A command that sees the disk; it keeps the process id. */
  seenBy(command: readonly string[]): string[] {
    const { user, group } = this.#owner
    const asBefore = ['unshare', '--user', `--map-user=${user}`, `--map-group=${group}`, '--']
    return [...this.#within(), ...(isRoot() ? [] : asBefore), ...command]
  }

  /** From now on there is no room for anything more. */
  fill(): void {
    // What is written between the two makes the second fail.
    this.#do(`until ${remount('$(($(df -B1 --output=used "$0" | tail -n 1)))')} 2>/dev/null; do :; done`)
  }

  /** There is room again. */
  empty(): void {
    this.#do(remount(`${this.#bytes}`))
  }

  remove(): void {
    this.#holder.kill('SIGKILL')
  }

  #do(script: string): void {
    const [program = '', ...args] = [...this.#within(), 'sh', '-c', script, this.#place]
    execFileSync(program, args, { stdio: 'pipe', timeout: LONGEST_MS })
  }

  #within(): string[] {
    const of = `/proc/${this.#holder.pid}/ns`
    const user = isRoot() ? [] : [`--user=${of}/user`, '--preserve-credentials']
    return ['nsenter', ...user, `--mount=${of}/mnt`, '--']
  }
}

/** All of it is said: what mount would look up of the rest is told in numbers that a namespace does not know. */
function remount(size: string): string {
  return `mount -t tmpfs -o remount,size=${size} tmpfs "$0"`
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}
