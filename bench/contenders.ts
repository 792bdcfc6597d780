import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import type { Ground } from './grounds.ts'
import type { DialectName } from './load/dialects.ts'
import type { Credentials } from './load/parts.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export type ContenderName = 'deskbell' | 'ws' | 'socket.io'

/** A server that is measured: how it is started, spoken to, and checked afterwards. */
export interface Contender {
  name: string
  title: string
  dialect: DialectName
  credentials: Credentials
  /** How many processes of it there are, each with a port of its own; one where this is left out. */
  processes?: number
  /** Starts the servers that it stands on, if there are any. */
  ground?: () => Promise<Ground>
  args(): string[]
  env(port: number, folder: string): Record<string, string>
  /** Messages per chat in the database that it left behind; null where nothing is stored. */
  stored(folder: string, ground: Ground | null): Promise<Map<string, number> | null>
}

/** One of those that the README compares. */
type Named = Contender & { name: ContenderName }

export const SECRET = 'bench-secret-of-at-least-32-characters'

const deskbell = {
  name: 'deskbell',
  title: 'Deskbell (SQLite)',
  dialect: 'cable',
  credentials: { secret: SECRET },
  args: () => [...deskbellProgram(), 'start'],
  env: (port, folder) => ({
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: `sqlite:${join(folder, 'deskbell.db')}`,
    DESKBELL_SECRET: SECRET,
    RATE_LIMIT: '0',
    CONNECTION_LIMIT: '0',
  }),
  stored: async (folder) => countMessages(join(folder, 'deskbell.db'), 'support_messages'),
} satisfies Named

const bareWs = {
  name: 'ws',
  title: 'bare ws (stores nothing)',
  dialect: 'cable',
  credentials: 'name',
  args: () => [here('./servers/bare-ws.ts')],
  env: (port) => ({ PORT: String(port) }),
  stored: async () => null,
} satisfies Named

const socketIo = {
  name: 'socket.io',
  title: 'Socket.IO + SQLite',
  dialect: 'socket.io',
  credentials: 'name',
  args: () => [here('./servers/socket-io.ts')],
  env: (port, folder) => ({ PORT: String(port), BENCH_FOLDER: folder }),
  stored: async (folder) => countMessages(join(folder, 'chat.db'), 'messages'),
} satisfies Named

/** Everyone, in the order of the rounds. */
export const CONTENDERS: readonly Named[] = [bareWs, socketIo, deskbell]

/** What `node` is given to run Deskbell, as an operator would. */
export function deskbellProgram(): string[] {
  return [here('../packages/server/bin/deskbell.js')]
}

function countMessages(file: string, table: string): Map<string, number> {
  const db = new DatabaseSync(file, { readOnly: true })
  const rows = db.prepare(countsOf(table)).all()
  db.close()
  return countsIn(rows)
}

/** Asks for the messages of each chat, and for its highest number. */
export function countsOf(table: string): string {
  return `SELECT chat_id, count(*) AS n, max(seq) AS head FROM ${table} GROUP BY chat_id`
}

/** A chat with a gap or a repeated number is counted as what it is not: wrong. */
export function countsIn(rows: readonly Record<string, unknown>[]): Map<string, number> {
  return new Map(
    rows.map(({ chat_id, n, head }) => [
      String(chat_id),
      Number(n) === Number(head) ? Number(n) : Number.NaN,
    ]),
  )
}
