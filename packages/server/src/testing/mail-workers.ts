import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Step } from './mail-steps.ts'

/** What a worker's process is told. */
export interface Orders {
  databaseUrl: string
  mailUrl: string
  notifyAfterMs: number
  /** The desk's time was `atMs` when this machine's was `setAtMs`, and passes so many times as fast. */
  clock: { atMs: number; setAtMs: number; speed: number }
  /** Where it stands still, to be killed; a step that it cannot see, or null, lets it go on. */
  stopAt: Step | null
  /** So large a mail that it cannot be sent in one piece; 0 for the desk's own. */
  mailBytes: number
}

const PROGRAM = fileURLToPath(new URL('./mail-worker.ts', import.meta.url))

/** A process that works an outbox off. */
export class MailWorker {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  #output = ''

  private constructor(orders: Orders) {
    const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: join(tmpdir(), 'deskbell-compile-cache') }
    const args = ['--conditions=source', PROGRAM, JSON.stringify(orders)]
    this.#child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    this.#ended = once(this.#child, 'exit')
    this.#child.stdout?.on('data', (chunk) => {
      this.#output += chunk
    })
  }

  /** Resolves when it begins to look. */
  static async start(orders: Orders): Promise<MailWorker> {
    const worker = new MailWorker(orders)
    await worker.#says('begun')
    return worker
  }

  /** Resolves when it stands still where it was told to. */
  there(): Promise<void> {
    return this.#says('there')
  }

  /** `kill -9` */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  async #says(word: string): Promise<void> {
    while (!this.#output.includes(word)) {
      if (this.#child.exitCode !== null) throw new Error('a worker ended by itself')
      await Promise.race([once(this.#child.stdout ?? this.#child, 'data'), this.#ended])
    }
  }
}
