import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../packages/server/src/testing/free-port.ts'

const CLI = fileURLToPath(new URL('../packages/server/bin/deskbell.js', import.meta.url))

export const ADMIN = { email: 'sam@example.com', password: 'a calm password', name: 'Sam' }

/** The demo, started as a person would, on a port and a folder of its own; it can go away and come back. */
export class DemoDesk {
  readonly url: string
  readonly #port: number
  readonly #env: NodeJS.ProcessEnv
  readonly #folder = mkdtempSync(join(tmpdir(), 'deskbell-e2e-'))
  #process: ChildProcess | null = null
  #output = ''

  private constructor(port: number, envAt: (url: string) => NodeJS.ProcessEnv) {
    this.#port = port
    this.url = `http://localhost:${port}`
    this.#env = envAt(this.url)
  }

  /** With these settings besides its own; some of them may depend on its address. */
  static async start(env: NodeJS.ProcessEnv | ((url: string) => NodeJS.ProcessEnv) = {}): Promise<DemoDesk> {
    const desk = new DemoDesk(await freePort(), typeof env === 'function' ? env : () => env)
    await desk.comeBack()
    return desk
  }

  /** The sign-in link for the dashboard that the demo prints. */
  get signInLink(): string {
    const link = /http:\/\/\S+\/demo\/sign-in\S*/.exec(this.#output)?.[0]
    if (link === undefined) throw new Error(`no sign-in link in:\n${this.#output}`)
    return link
  }

  async comeBack(): Promise<void> {
    const child = spawn(process.execPath, [CLI, 'start', '--demo'], {
      env: {
        ...process.env,
        ...this.#env,
        PORT: String(this.#port),
        DATABASE_URL: `sqlite:${join(this.#folder, 'desk.db')}`,
        DESKBELL_ADMIN_EMAIL: ADMIN.email,
        DESKBELL_ADMIN_PASSWORD: ADMIN.password,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#process = child
    this.#output = ''
    child.stdout.on('data', (chunk) => {
      this.#output += String(chunk)
    })
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the demo ended:\n${this.#output}`)
      const isReady = await fetch(`${this.url}/readyz`).then(
        (response) => response.ok,
        () => false,
      )
      if (isReady && this.#output.includes('/demo/sign-in')) return
      await new Promise((resolve) => setTimeout(resolve, 25))
    }
  }

  /** SIGTERM is a deploy, SIGKILL is a crash. */
  async goAway(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  async remove(): Promise<void> {
    await this.goAway('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
