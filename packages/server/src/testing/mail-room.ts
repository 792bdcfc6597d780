import type { SupportNotification } from '@deskbell/protocol'
import { open } from '../chats/open.ts'
import { Looks } from '../delivery/looks.ts'
import type { Engine } from '../engine.ts'
import { MessageLog } from '../messages/append.ts'
import type { RenderMail } from '../notifications/content.ts'
import { notificationsOf } from '../notifications/decisions.ts'
import type { SettingsInput } from '../settings.ts'
import type { Store } from '../store/store.ts'
import { type TestEngine, testEngine, user } from './engine.ts'
import { MailServer } from './mail-server.ts'
import { postmanOf } from './postman-of.ts'

export const PERIOD_MS = 300_000

/** The rules of a desk with its post office and a real mail server; time stands still until a test moves it. */
export interface MailRoom extends AsyncDisposable {
  readonly engine: TestEngine
  readonly server: MailServer
  readonly looks: Looks
  /** The chat of alice, who asked something. */
  readonly chatId: string
  reply(content: string, chatId?: string): Promise<number>
  /** Looks into the outbox once, as the worker does each second; `desk` is which of several. */
  round(): Promise<void>
  /** Another desk on a store of the same database, to look into the outbox as well. */
  otherDesk(store: Store): { round(): Promise<void> }
  decisions(chatId?: string): Promise<SupportNotification[]>
  /** State and reason of each decision, oldest first. */
  outcome(chatId?: string): Promise<string[]>
}

export async function mailRoom(options: SettingsInput & { render?: RenderMail } = {}): Promise<MailRoom> {
  const { render = null, ...input } = options
  const base = await testEngine()
  const engine: TestEngine = { ...base, notifyAfterMs: PERIOD_MS }
  const server = await MailServer.start()
  const looks = new Looks()
  const postman = (on: Engine) => postmanOf({ ...on, looks }, { mailUrl: server.url, ...input }, render)
  const log = new MessageLog(engine, 0)
  const { id: chatId } = await open(engine, user('alice'))
  await log.append({ type: 'user', name: 'Alice' }, { chatId, content: 'Is it in stock?', clientId: null })
  const own = postman(engine)
  const decisions = (id = chatId) => notificationsOf(engine.store, id, 100)
  return {
    engine,
    server,
    looks,
    chatId,
    async reply(content, id = chatId) {
      const sam = { type: 'admin' as const, id: 'sam', name: 'Sam' }
      return (await log.append(sam, { chatId: id, content, clientId: null })).message.seq
    },
    round: () => own.round(),
    otherDesk: (store) => postman({ ...engine, store }),
    decisions,
    async outcome(id = chatId) {
      return (await decisions(id)).map(({ state, reason }) =>
        reason === null ? state : `${state}: ${reason}`,
      )
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await base[Symbol.asyncDispose]()
    },
  }
}
