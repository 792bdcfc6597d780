import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** How an example is started, as its package.json says. */
export interface Example {
  name: string
  folder: string
  /** The tool that runs it. */
  tool: 'next' | 'vite'
  /** Run once, before the first start. */
  build: string[] | null
  start(port: number): string[]
}

export const EXAMPLES: readonly Example[] = [
  {
    ...{ name: 'Next', folder: '../examples/next/', tool: 'next', build: ['build'] },
    start: (port) => ['start', '--port', String(port)],
  },
  {
    ...{ name: 'Vue', folder: '../examples/vue/', tool: 'vite', build: null },
    start: (port) => ['--port', String(port), '--strictPort'],
  },
]

/** An example, started as its reader would, beside a desk that shares a secret with it. */
export class ExampleApp {
  readonly url: string
  readonly #process: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#process = child
  }

  static async build(example: Example): Promise<void> {
    if (example.build)
      await promisify(execFile)(process.execPath, command(example, example.build), at(example, {}))
  }

  static async start(example: Example, port: number, env: NodeJS.ProcessEnv): Promise<ExampleApp> {
    const child = spawn(process.execPath, command(example, example.start(port)), {
      ...at(example, env),
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const app = new ExampleApp(`http://localhost:${port}`, child)
    while (!(await answers(app.url))) {
      if (child.exitCode !== null) throw new Error(`the ${example.name} example ended`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return app
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await ended
  }
}

function command({ tool }: Example, args: string[]): string[] {
  return [fileURLToPath(new URL(`../node_modules/.bin/${tool}`, import.meta.url)), ...args]
}

function at({ folder }: Example, env: NodeJS.ProcessEnv) {
  const cwd = fileURLToPath(new URL(folder, import.meta.url))
  return { cwd, env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env } }
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url).then(
    (response) => response.ok,
    () => false,
  )
}
