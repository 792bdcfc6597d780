import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SupportChat } from '@deskbell/protocol'
import { beforeAll, expect, test } from 'vitest'
import { CableClient } from './cable-client.ts'
import { startDesk, tokenOf } from './desk-process.ts'
import { until } from './until.ts'

// kill -9 proves nothing about power loss: the page cache survives it. What counts is that the log was synced
// before the answer left, and the system calls tell that.

const MESSAGES = 40

beforeAll(() => {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' })
  } catch {
    throw new Error('strace is needed to see what reaches the disk: apt-get install strace')
  }
})

test('[P1] no message is told before the disk has it', async () => {
  const calls = await trace([])
  expect(calls.filter((call) => typeof call === 'object')).toHaveLength(MESSAGES)
  expect(calls.filter((call) => call === 'sync').length).toBeGreaterThanOrEqual(MESSAGES)
  expect(toldBeforeTheDisk(calls)).toEqual([])
}, 60_000)

test('[P1] the same measure catches a desk that does not sync each commit', async () => {
  const calls = await trace(['--import', NORMAL])
  expect(toldBeforeTheDisk(calls).length).toBeGreaterThan(MESSAGES / 2)
}, 60_000)

/** Turns the one setting off that the promise hangs on, in a desk that is otherwise the same. */
const NORMAL = `data:text/javascript,${encodeURIComponent(`
  import { DatabaseSync } from 'node:sqlite'
  const exec = DatabaseSync.prototype.exec
  DatabaseSync.prototype.exec = function (sql) {
    return exec.call(this, sql.replace('synchronous = full', 'synchronous = normal'))
  }
`)}`

/** What a desk did while messages were sent one after the other: a write or a sync of the log, or an answer. */
type Call = 'write' | 'sync' | { told: string }

/** The client ids that were told while something written to the log was not synced. */
function toldBeforeTheDisk(calls: readonly Call[]): string[] {
  const early: string[] = []
  let isSynced = false
  for (const call of calls) {
    if (call === 'write') isSynced = false
    else if (call === 'sync') isSynced = true
    else {
      if (!isSynced) early.push(call.told)
      isSynced = false // the next message needs a sync of its own
    }
  }
  return early
}

async function trace(nodeArgs: readonly string[]): Promise<Call[]> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-fsync-'))
  const output = join(folder, 'calls')
  const seen = 'trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg'
  const strace = ['strace', '-D', '-f', '--seccomp-bpf', '-y', '-s', '2000', '-o', output, '-e', seen]
  try {
    await using desk = await startDesk({
      databaseUrl: `sqlite:${join(folder, 'desk.db')}`,
      under: strace,
      nodeArgs,
    })
    const response = await fetch(`${desk.url}/api/support_chat`, {
      headers: { authorization: `Bearer ${tokenOf('alice')}` },
    })
    const { id: chat_id } = (await response.json()) as SupportChat
    await using alice = await new CableClient(`${desk.cableUrl}?token=${tokenOf('alice')}`).opened()
    const chat = await alice.subscribe({ channel: 'SupportChatChannel', chat_id })
    for (let sent = 1; sent <= MESSAGES; sent++) {
      alice.perform(chat, 'send_message', { content: 'hello', client_id: `told-${sent}` })
      await until('it is told', () => alice.events(chat).length === sent)
    }
    desk.kill('SIGTERM')
    await desk.exited
    const text = await until('strace has written everything', () => {
      const written = readFileSync(output, 'utf8')
      return written.endsWith('+++ exited with 0 +++\n') && written
    })
    return callsIn(text)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Reads strace's lines; a sync counts when it has returned. */
function callsIn(text: string): Call[] {
  const unfinished = new Map<string, string>()
  const calls: Call[] = []
  for (const line of text.split('\n')) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    if (rest.endsWith('<unfinished ...>')) {
      unfinished.set(thread, rest)
      // An answer counts from when it began to leave.
      if (!told(rest)) continue
    }
    const isResumed = rest.startsWith('<...')
    const whole = isResumed ? (unfinished.get(thread) ?? '') : rest
    if (isResumed && told(whole)) continue
    const call = callOf(whole)
    if (call !== null) calls.push(call)
  }
  return calls
}

function callOf(line: string): Call | null {
  const clientId = told(line)
  if (clientId !== undefined) return { told: clientId }
  if (/^pwrite64\(\d+<[^>]*-wal>/.test(line)) return 'write'
  return /^f(data)?sync\(\d+<[^>]*-wal>/.test(line) ? 'sync' : null
}

/** The client_id of the event that this call sends to a client. */
function told(line: string): string | undefined {
  return /^(?:write|writev|sendto|sendmsg)\(\d+<(?:socket|TCP).*client_id\\":\\"(told-\d+)/.exec(line)?.[1]
}
