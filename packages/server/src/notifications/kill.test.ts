import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { open } from '../chats/open.ts'
import { MessageLog } from '../messages/append.ts'
import { type TestEngine, testEngine, user } from '../testing/engine.ts'
import { MailServer } from '../testing/mail-server.ts'

/** Where a worker is killed: as a mail server sees it get on, or some time after it began to look. */
const STEPS = ['begun', 'connect', 'auth', 'mail', 'rcpt', 'data', 'taken', 'accepted'] as const
const ROUNDS = 8
/** Longer than a mail takes on a busy machine, or the other desk takes it over as it should. */
const LEASE_MS = 8_000
const DESKS = 2

// The clock of both is this machine's: a worker in a process of its own cannot share one that stands still.
const here = (file: string) => JSON.stringify(new URL(file, import.meta.url).href)
const WORKER = `
  const { openStore } = await import(${here('../store/store.ts')})
  const { idMaker } = await import(${here('../store/id.ts')})
  const { composer } = await import(${here('./compose.ts')})
  const { mailRoute } = await import(${here('./mail-url.ts')})
  const { smtpMailer } = await import(${here('./mailer.ts')})
  const { Postman } = await import(${here('./postman.ts')})
  const [databaseUrl, mailUrl] = process.argv.slice(1)
  const log = { warn() {}, error: ({ err }) => console.error(err) }
  const engine = { store: openStore(databaseUrl), clock: Date, newId: idMaker(), publish() {}, log, notifyAfterMs: 1 }
  const compose = composer({
    appName: 'Fern', accent: '#3b55e6', from: 'support@fern.example', render: null, clock: Date, log,
    chatUrl: () => 'https://shop.example/', unsubscribeUrl: () => 'https://desk.example/unsubscribe',
  })
  const mailer = smtpMailer(mailRoute(mailUrl))
  const postman = new Postman(engine, { mailer, compose, isLooking: () => false, leaseMs: ${LEASE_MS} })
  process.stdout.write('begun')
  for (;;) {
    await postman.round()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }`

class Worker {
  readonly #child: ChildProcess
  readonly begun: Promise<unknown>
  readonly #ended: Promise<unknown>

  constructor(databaseUrl: string, mailUrl: string) {
    const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: join(tmpdir(), 'deskbell-compile-cache') }
    const args = ['--conditions=source', '--input-type=module', '-e', WORKER, databaseUrl, mailUrl]
    this.#child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    this.#ended = once(this.#child, 'exit')
    this.begun = Promise.race([once(this.#child.stdout ?? this.#child, 'data'), this.#ended])
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}

/** People with chats on a database that workers of other processes share. */
async function people(engine: TestEngine) {
  const log = new MessageLog(engine, 0)
  const chats = await Promise.all(
    Array.from({ length: ROUNDS }, async (_, index) => (await open(engine, user(`user${index}`))).id),
  )
  const pending = async () =>
    await engine.store.db
      .selectFrom('support_notifications')
      .select(['chat_id', 'lease'])
      .where('state', '=', 'pending')
      .execute()
  return {
    chats,
    pending,
    reply: async (chatId: string) => {
      const sam = { type: 'admin' as const, id: 'sam', name: 'Sam' }
      await log.append(sam, { chatId, content: `to ${chatId}`, clientId: null })
    },
    decided: async () => {
      await expect.poll(async () => (await pending()).length, { timeout: 30_000, interval: 20 }).toBe(0)
    },
  }
}

test(`[P6] ${ROUNDS} kill -9 at every step of two desks’ workers lose no e-mail, and double only what was taken`, async () => {
  await using base = await testEngine()
  const engine: TestEngine = { ...base, clock: realClock(base.clock), notifyAfterMs: 1 }
  await using server = await MailServer.start()
  const { chats, pending, reply, decided } = await people(engine)
  const taken = () => server.taken.map(({ mail }) => /^<([^.]+)\./.exec(mail.messageId ?? '')?.[1] ?? '')
  const begin = () => new Worker(engine.url, server.url)
  const workers = await Promise.all(Array.from({ length: DESKS }, () => started(begin())))
  const times = (ids: string[], chatId: string) => ids.filter((id) => id === chatId).length
  /** The chats of mails that a server had whole when the worker was killed before it could note that. */
  const inTheWindow: string[] = []

  for (const [round, chatId] of chats.entries()) {
    const step = STEPS[round % STEPS.length] ?? 'begun'
    const reached = stepOf(server, step)
    await reply(chatId)
    if (step !== 'begun') await reached
    // Nobody knows which of the two it was: both go, and come back as after a deploy that went wrong.
    await Promise.all(workers.map((worker) => worker.kill()))
    server.onStep = () => {}
    await server.idle()
    const open = new Set((await pending()).map(({ chat_id }) => chat_id))
    const isNew = (id: string) => open.has(id) && times(taken(), id) > times(inTheWindow, id)
    inTheWindow.push(...chats.filter(isNew))
    workers.splice(0, workers.length, ...(await Promise.all(workers.map(() => started(begin())))))
  }
  await decided()
  await Promise.all(workers.map((worker) => worker.kill()))

  expect([...new Set(taken())].sort(), 'every reply and nothing else').toEqual(chats.toSorted())
  const doubled = chats.filter((id) => times(taken(), id) > 1)
  process.stdout.write(
    `  ${ROUNDS} kills: ${chats.length} replies, ${taken().length} mails; ${inTheWindow.length} times a mail was taken and not yet noted, ${doubled.length} replies were mailed again\n`,
  )
  const isExcused = (id: string) => times(taken(), id) <= 1 + times(inTheWindow, id)
  expect(doubled.every(isExcused), 'again only after a kill in that window').toBe(true)
}, 90_000)

async function started(worker: Worker): Promise<Worker> {
  await worker.begun
  return worker
}

/** Resolves when a worker gets to a step; `accepted` is just after the final 250 has left. */
function stepOf(server: MailServer, step: string): Promise<void> {
  return new Promise((resolve) => {
    server.onStep = (reached) => {
      if (reached === step) resolve()
      if (reached === 'taken' && step === 'accepted') setImmediate(resolve)
    }
  })
}

function realClock(clock: TestEngine['clock']): TestEngine['clock'] {
  return Object.assign(Object.create(clock), { now: () => Date.now() })
}
