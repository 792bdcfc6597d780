import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SupportChat } from '@deskbell/protocol'
import { createDesk, type Desk, type DeskOptions, toNodeHandler } from 'deskbell'
import { deskDatabase } from '../../server/src/testing/databases.ts'
import { CableClient } from './cable-client.ts'
import { signToken, TEST_SECRET, type TokenClaims } from './token.ts'

export interface TestDeskOptions extends DeskOptions {
  /** A port to come back on, for tests that restart a desk. */
  onPort?: number
}

/** A desk behind a real server on a free port, on a real database in a temporary folder. */
export interface TestDesk extends AsyncDisposable {
  readonly desk: Desk
  readonly server: Server
  readonly port: number
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** A signed token of a user, or of an admin with `{ role: 'admin' }`. */
  token(sub: string, claims?: Partial<TokenClaims>): string
  /** Calls the REST interface below `/api`; the body is sent as JSON. */
  call(token: string | null, method: string, path: string, body?: unknown): Promise<Response>
  /** Opens the chat of a user and tells its id. */
  openChat(sub: string): Promise<string>
  /** A raw cable client, welcomed. */
  cable(token: string): Promise<CableClient>
}

/**
 * Starts a desk for one test.
 *
 * @example
 * await using at = await testDesk()
 * const chatId = await at.openChat('alice')
 */
export async function testDesk({ onPort, ...options }: TestDeskOptions = {}): Promise<TestDesk> {
  const hasOwn = (options.databaseUrl ?? options.database ?? options.store) !== undefined
  const database = hasOwn ? null : await deskDatabase()
  const desk = createDesk({
    databaseUrl: database?.url,
    secret: TEST_SECRET,
    rateLimit: 0,
    connectionLimit: 0,
    logLevel: 'silent',
    ...options,
  })
  await desk.ready
  const server = createServer(toNodeHandler(desk))
  desk.attach(server, { exclusive: true })
  await new Promise<void>((resolve) => server.listen(onPort ?? 0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`

  const token = (sub: string, claims: Partial<TokenClaims> = {}) =>
    signToken({ sub, email: `${sub}@example.com`, name: sub, ...claims })

  async function call(
    bearer: string | null,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Response> {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    if (bearer !== null) headers.authorization = `Bearer ${bearer}`
    const payload = body === undefined ? {} : { body: JSON.stringify(body) }
    return await fetch(`${url}/api${path}`, { method, headers, ...payload })
  }

  return {
    desk,
    server,
    port,
    url,
    token,
    call,
    async openChat(sub) {
      const response = await call(token(sub), 'GET', '/support_chat')
      const { id } = (await response.json()) as SupportChat
      return id
    },
    cable: (bearer) => new CableClient(`ws://127.0.0.1:${port}/cable?token=${bearer}`).opened(),
    async [Symbol.asyncDispose]() {
      server.close()
      await desk.close()
      server.closeAllConnections()
      await database?.[Symbol.asyncDispose]()
    },
  }
}
