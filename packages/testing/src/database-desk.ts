import { join } from 'node:path'
import { MAX_PAGE_SIZE, type SupportMessage } from '@deskbell/protocol'
import { mariadbServer, postgresServer, statements } from '../../server/src/testing/database-server.ts'
import { databaseName } from '../../server/src/testing/databases.ts'
import type { OwnServer } from '../../server/src/testing/server-process.ts'
import type { TestDesk } from './test-desk.ts'

/** A server that keeps what it said that it kept, and on it the empty database `desk`. */
export async function deskServer(): Promise<OwnServer> {
  return await durableServer(databaseName() === 'postgres')
}

/** The same, with a database that lies on a disk of its own. */
export async function deskServerOnDisk(): Promise<OwnServer> {
  return await durableServerOnDisk(databaseName() === 'postgres')
}

export async function durableServer(isPostgres: boolean): Promise<OwnServer> {
  const server = await (isPostgres ? postgresServer : mariadbServer)('durable')
  await statements(server.url(isPostgres ? 'postgres' : ''), 'create database desk')
  return server
}

export async function durableServerOnDisk(isPostgres: boolean): Promise<OwnServer> {
  // For MariaDB a folder among its data is a database.
  if (!isPostgres) return await mariadbServer('durable', { disk: 'data/desk' })
  const server = await postgresServer('durable', { disk: 'small' })
  await statements(
    server.url('postgres'),
    `create tablespace small location '${join(server.folder, 'small')}'`,
    'create database desk tablespace small',
  )
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
