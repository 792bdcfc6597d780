import { MAX_PAGE_SIZE, type SupportMessage } from '@deskbell/protocol'
import {
  mariadbServer,
  postgresServer,
  type Serving,
  statements,
} from '../../server/src/testing/database-server.ts'
import { databaseName } from '../../server/src/testing/databases.ts'
import type { OwnServer } from '../../server/src/testing/server-process.ts'
import type { TestDesk } from './test-desk.ts'

/** A database server of a test's own, which keeps what it said that it kept. */
export async function durableServer(serving: Serving = {}): Promise<OwnServer> {
  return await (databaseName() === 'postgres' ? postgresServer : mariadbServer)('durable', serving)
}

/** A durable server and on it the empty database `desk`. */
export async function deskServer(): Promise<OwnServer> {
  const server = await durableServer()
  await statements(server.url(databaseName() === 'postgres' ? 'postgres' : ''), 'create database desk')
  return server
}

/** What alice sends, in an attempt of this name. */
export async function send(at: TestDesk, content: string, clientId: string | null): Promise<Response> {
  const body = clientId === null ? { content } : { content, client_id: clientId }
  return await at.call(at.token('alice'), 'POST', '/support_chat/messages', body)
}

/** Everything in alice's chat. */
export async function stored(at: TestDesk): Promise<SupportMessage[]> {
  const all: SupportMessage[] = []
  for (;;) {
    const after = all.at(-1)?.seq ?? 0
    const path = `/support_chat/messages?after=${after}&limit=${MAX_PAGE_SIZE}`
    const page = (await (await at.call(at.token('alice'), 'GET', path)).json()) as SupportMessage[]
    if (page.length === 0) return all
    all.push(...page)
  }
}
