import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signToken, TEST_SECRET } from './token.ts'
import { until } from './until.ts'

export interface DeskProcessOptions {
  databaseUrl: string
  env?: Record<string, string>
  /** Arguments for Node itself. */
  nodeArgs?: readonly string[]
  /** A command that runs Node for us, as `strace` does; it must keep the process id. */
  under?: readonly string[]
}

/** How a process ended. */
interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** `deskbell start` in a process of its own. */
export interface DeskProcess extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly cableUrl: string
  readonly pid: number
  readonly exited: Promise<Exit>
  /** What it has printed and logged so far. */
  output(): string
  kill(signal: NodeJS.Signals): void
}

const CLI = new URL('../../server/src/cli/main.ts', import.meta.url).href
const START = `const { main } = await import(${JSON.stringify(CLI)}); await main(['start'])`
// What Node compiled once is kept for the next start: a test that starts twenty desks waits for few of them.
const COMPILE_CACHE = join(tmpdir(), 'deskbell-compile-cache')

/** Starts the command line as an operator would, from the sources, and waits until it says that it is ready. */
export async function startDesk(options: DeskProcessOptions): Promise<DeskProcess> {
  const node = [process.execPath, '--conditions=source', ...(options.nodeArgs ?? [])]
  const [command = '', ...args] = [...(options.under ?? []), ...node, '--input-type=module', '-e', START]
  const child = spawn(command, args, { env: environment(options), stdio: ['ignore', 'pipe', 'pipe'] })
  const output = outputOf(child)
  const exited = exitOf(child)
  let exit: Exit | undefined
  void exited.then((how) => {
    exit = how
  })
  const stop = async () => {
    if (exit === undefined) child.kill('SIGKILL')
    await exited
  }
  try {
    const told = await until(
      'the desk is ready',
      () => {
        if (exit !== undefined) throw new Error(`the desk did not start:\n${output()}`)
        return /is ready[\s\S]*?:(\d+)\/admin/.exec(output())?.[1]
      },
      20_000,
    )
    // Behind a proxy it tells the proxy's address.
    const port = options.env?.PORT ?? told
    return {
      url: `http://127.0.0.1:${port}`,
      cableUrl: `ws://127.0.0.1:${port}/cable`,
      pid: child.pid ?? 0,
      exited,
      output,
      kill: (signal) => void child.kill(signal),
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The token of a user called by their id, or of an admin. */
export function tokenOf(sub: string, role?: 'admin'): string {
  return signToken({ sub, role, email: `${sub}@example.com`, name: sub })
}

function environment({ databaseUrl, env }: DeskProcessOptions): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    DATABASE_URL: databaseUrl,
    DESKBELL_SECRET: TEST_SECRET,
    HOST: '127.0.0.1',
    PORT: '0',
    RATE_LIMIT: '0',
    CONNECTION_LIMIT: '0',
    LOG_LEVEL: 'warn',
    ...env,
  }
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.on('error', () => resolve({ code: null, signal: null })) // it could not even be started
    child.on('exit', (code, signal) => resolve({ code, signal }))
  })
}

function outputOf(child: ChildProcess): () => string {
  let output = ''
  const hear = (chunk: Buffer) => {
    output += chunk
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  return () => output
}
