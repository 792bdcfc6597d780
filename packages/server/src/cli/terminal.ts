import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** What a command can reach of the world around it. */
export interface Terminal {
  env: Record<string, string | undefined>
  out(text: string): void
  err(text: string): void
  /** Writes over the last line of the screen; null where there is none. */
  rewrite: ((text: string) => void) | null
  /** Asks without showing what is typed; without a keyboard, the first line of the input is the answer. */
  askSecret(question: string): Promise<string>
}

export function processTerminal(): Terminal {
  return {
    env: process.env,
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    rewrite: process.stderr.isTTY ? (text) => void process.stderr.write(`\r\x1b[2K${text}`) : null,
    askSecret,
  }
}

async function askSecret(question: string): Promise<string> {
  const { stdin, stderr } = process
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: silent, terminal: stdin.isTTY === true })
  if (stdin.isTTY) stderr.write(`${question}: `)
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
    if (stdin.isTTY) stderr.write('\n')
  }
}
