import pino from 'pino'
import { createDesk, type Desk, type DeskOptions } from '../desk.ts'
import { signHostToken, type TokenClaims } from '../identity/host-token.ts'
import { deskDatabase } from './databases.ts'
import { FakeClock } from './engine.ts'

export const SECRET = 'a secret that only the tests know, 32+'

export interface Ask {
  method?: string
  /** Sent as JSON. */
  body?: unknown
  token?: string | null
  headers?: Record<string, string>
}

/** A desk that is asked through `fetch`, without a server, on a clock that stands still. */
export interface HttpDesk extends AsyncDisposable {
  readonly desk: Desk
  readonly clock: FakeClock
  /** For another process on the same database. */
  readonly url: string
  /** What was logged, as JSON lines. */
  readonly log: string[]
  /** Asks the desk; `path` is what follows the base path `/api`, or the whole path if that begins with `//`. */
  ask(path: string, ask?: Ask): Promise<Response>
  token(sub: string, claims?: Partial<TokenClaims>, lifetimeMs?: number): Promise<string>
  /** Opens the chat of a user with some messages of theirs, and tells its id. */
  chat(sub: string, ...contents: string[]): Promise<string>
}

export async function httpDesk(options: DeskOptions = {}): Promise<HttpDesk> {
  const database = await deskDatabase()
  const { url } = database
  const clock = new FakeClock()
  const log: string[] = []
  const desk = createDesk({
    ...(typeof database.at === 'string' ? { databaseUrl: url } : { database: database.at }),
    secret: SECRET,
    rateLimit: 0,
    clock,
    logger: pino({ level: 'debug' }, { write: (line) => void log.push(line) }),
    ...options,
  })
  await desk.ready

  const token = (sub: string, claims: Partial<TokenClaims> = {}, lifetimeMs = 3_600_000) =>
    signHostToken(
      SECRET,
      { sub, email: `${sub}@example.com`, name: sub, ...claims },
      clock.now() + lifetimeMs,
    )

  async function ask(path: string, { method = 'GET', body, token = null, headers = {} }: Ask = {}) {
    const address = path.startsWith('//') ? `http://desk.test${path.slice(1)}` : `http://desk.test/api${path}`
    const bearer = token === null ? {} : { authorization: `Bearer ${token}` }
    const payload = body === undefined ? {} : { body: JSON.stringify(body) }
    return await desk.fetch(
      new Request(address, { method, headers: { host: 'desk.test', ...bearer, ...headers }, ...payload }),
      { remoteAddress: '192.0.2.7' },
    )
  }

  return {
    desk,
    clock,
    url,
    log,
    ask,
    token,
    async chat(sub, ...contents) {
      const bearer = await token(sub)
      for (const content of contents) {
        await ask('/support_chat/messages', { method: 'POST', body: { content }, token: bearer })
      }
      const { id } = (await (await ask('/support_chat', { token: bearer })).json()) as { id: string }
      return id
    },
    async [Symbol.asyncDispose]() {
      await desk.close()
      await database[Symbol.asyncDispose]()
    },
  }
}
