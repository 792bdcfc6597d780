import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import type { DialectName } from './load/dialects.ts'
import type { Credentials } from './load/parts.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export type ContenderName = 'deskbell' | 'ws' | 'socket.io'

/** A server that is measured: how it is started, spoken to, and checked afterwards. */
export interface Contender {
  name: ContenderName
  title: string
  dialect: DialectName
  credentials: Credentials
  args(): string[]
  env(port: number, folder: string): Record<string, string>
  /** Messages per chat in the database that it left behind; null where nothing is stored. */
  stored(folder: string): Map<string, number> | null
}

const SECRET = 'bench-secret-of-at-least-32-characters'

const deskbell: Contender = {
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
  stored: (folder) => countMessages(join(folder, 'deskbell.db'), 'support_messages'),
}

const bareWs: Contender = {
  name: 'ws',
  title: 'bare ws (stores nothing)',
  dialect: 'cable',
  credentials: 'name',
  args: () => [here('./servers/bare-ws.ts')],
  env: (port) => ({ PORT: String(port) }),
  stored: () => null,
}

const socketIo: Contender = {
  name: 'socket.io',
  title: 'Socket.IO + SQLite',
  dialect: 'socket.io',
  credentials: 'name',
  args: () => [here('./servers/socket-io.ts')],
  env: (port, folder) => ({ PORT: String(port), BENCH_FOLDER: folder }),
  stored: (folder) => countMessages(join(folder, 'chat.db'), 'messages'),
}

/** Everyone, in the order of the rounds. */
export const CONTENDERS: readonly Contender[] = [bareWs, socketIo, deskbell]

/** What `node` is given to run Deskbell, as an operator would. */
export function deskbellProgram(): string[] {
  return [here('../packages/server/bin/deskbell.js')]
}

function countMessages(file: string, table: string): Map<string, number> {
  const db = new DatabaseSync(file, { readOnly: true })
  const rows = db
    .prepare(`SELECT chat_id, count(*) AS n, max(seq) AS head FROM ${table} GROUP BY chat_id`)
    .all()
  db.close()
  // A chat with a gap or a repeated number is counted as what it is not: wrong.
  return new Map(
    rows.map(({ chat_id, n, head }) => [String(chat_id), n === head ? Number(n) : Number.NaN] as const),
  )
}
