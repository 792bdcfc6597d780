import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'

const STOP_MS = 12_000
const KEPT_OUTPUT = 4_000

/** A child of the bench: bound to a core where that is possible, asked over IPC, ended by its own id. */
export class Child implements AsyncDisposable {
  readonly process: ChildProcess
  #output = ''
  // Whoever interrupts the bench must not be left with its servers.
  readonly #endAtOnce = () => this.process.kill('SIGKILL')

  constructor(core: number | null, args: string[], env: Record<string, string>) {
    const command = [...(core === null ? [] : pinTo(core)), process.execPath, ...args]
    this.process = spawn(command[0] ?? process.execPath, command.slice(1), {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    process.on('exit', this.#endAtOnce)
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-KEPT_OUTPUT)
      })
    }
  }

  /** The end of what it printed, for when something goes wrong. */
  get output(): string {
    return this.#output
  }

  get isRunning(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  /** Sends one message and waits for the next one back. */
  async ask(message: object | string): Promise<unknown> {
    const answer = new Promise<unknown>((resolve, reject) => {
      const gone = () => reject(new Error(`the process ended before it answered:\n${this.#output}`))
      this.process.once('exit', gone)
      this.process.once('message', (reply) => {
        this.process.off('exit', gone)
        resolve(reply)
      })
    })
    this.process.send(message)
    return answer
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#endAtOnce)
    if (!this.isRunning) return
    const exited = once(this.process, 'exit')
    this.process.kill('SIGTERM')
    const timer = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS)
    await exited
    clearTimeout(timer)
  }
}

/** Whether processes can be bound to cores here: Linux with `taskset`, and at least two cores. */
export const canPin = availableParallelism() >= 2 && hasCommand('taskset')

function pinTo(core: number): string[] {
  return canPin ? ['taskset', '-c', String(core)] : []
}

function hasCommand(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
