import { setTimeout as delay } from 'node:timers/promises'
import { open } from '../chats/open.ts'
import { MessageLog } from '../messages/append.ts'
import { read } from '../messages/read.ts'
import { type TestEngine, testEngine, user } from './engine.ts'
import { MailServer, type TakenMail } from './mail-server.ts'
import { MailWorker } from './mail-workers.ts'

/** What became of the replies that two desks were to tell of while they were killed. */
export interface DesksCount {
  kills: number
  replies: number
  /** Mails that the mail server took, however often the same one. */
  mails: number
  /** Replies that were read in time. */
  read: number
  /** Mails that a desk had sent and not yet noted as sent when it was killed. */
  inTheWindow: number
  /** Mails that were taken once more than needed. */
  repeated: number
  /** Of these, the ones that no kill explains. */
  unexplained: number
  /** Replies that nobody was told of. */
  lost: number
}

const DESKS = 2
/** A lease of two minutes is over in six seconds. */
const SPEED = 20
const NOTIFY_AFTER_MS = 20_000
const REPLY_EVERY_MS = 100
const KILL_AFTER_MS = { least: 300, most: 1_500 }
/** So long a mail server may take to say its final 250. */
const SLOWEST_MS = 60
const DRAIN_MS = 90_000
const SAM = { type: 'admin' as const, id: 'sam', name: 'Sam' }

/** Has two desks of processes of their own work off one outbox for so long, and kills now one of them and now the other. */
export async function killTwoDesks(seconds: number, random: () => number): Promise<DesksCount> {
  await using base = await testEngine()
  await using server = await MailServer.start()
  const clock = { atMs: base.clock.now(), setAtMs: Date.now(), speed: SPEED }
  const nowMs = () => clock.atMs + (Date.now() - clock.setAtMs) * clock.speed
  const engine: TestEngine = {
    ...base,
    clock: Object.assign(Object.create(base.clock), { now: nowMs }),
    notifyAfterMs: NOTIFY_AFTER_MS,
  }
  server.onStep = (step) => (step === 'taken' ? delay(random() * SLOWEST_MS) : undefined)
  const orders = {
    databaseUrl: engine.url,
    notifyAfterMs: NOTIFY_AFTER_MS,
    clock,
    stopAt: null,
    mailBytes: 0,
  }
  const desks = new Desks(engine, server, (name) =>
    MailWorker.start({ ...orders, mailUrl: server.urlFor(name) }),
  )
  await desks.begin()
  const endMs = performance.now() + seconds * 1000
  const isOver = () => performance.now() >= endMs
  await Promise.all([writeReplies(engine, random, isOver), desks.killOften(random, isOver)])
  await drained(engine)
  await desks.end()
  return { ...(await whatBecame(engine, server.taken)), ...desks.count() }
}

/** The desks that are at work, each by the name that the mail server knows it by. */
class Desks {
  readonly #engine: TestEngine
  readonly #server: MailServer
  readonly #start: (name: string) => Promise<MailWorker>
  readonly #working: { name: string; worker: MailWorker }[] = []
  /** What was taken of a desk that died before it could note that. */
  readonly #window = new Set<TakenMail>()
  #started = 0
  #kills = 0

  constructor(engine: TestEngine, server: MailServer, start: (name: string) => Promise<MailWorker>) {
    this.#engine = engine
    this.#server = server
    this.#start = start
  }

  async begin(): Promise<void> {
    while (this.#working.length < DESKS) await this.#open()
  }

  async killOften(random: () => number, isOver: () => boolean): Promise<void> {
    const { least, most } = KILL_AFTER_MS
    for (;;) {
      await delay(least + random() * (most - least))
      if (isOver()) return
      const [killed] = this.#working.splice(Math.floor(random() * DESKS), 1)
      if (killed === undefined) continue
      await killed.worker.kill()
      this.#kills++
      await this.#server.left(killed.name)
      await this.#noteWindow(killed.name)
      await this.#open()
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#working.map(({ worker }) => worker.kill()))
  }

  count(): Pick<DesksCount, 'kills' | 'inTheWindow' | 'repeated' | 'unexplained'> {
    const copies = Map.groupBy(this.#server.taken, ({ mail }) => mail.messageId)
    const earlier = [...copies.values()].flatMap((same) => same.slice(0, -1))
    const unexplained = earlier.filter((mail) => !this.#window.has(mail))
    return {
      kills: this.#kills,
      inTheWindow: this.#window.size,
      repeated: earlier.length,
      unexplained: unexplained.length,
    }
  }

  async #open(): Promise<void> {
    const name = `desk-${++this.#started}`
    this.#working.push({ name, worker: await this.#start(name) })
  }

  async #noteWindow(name: string): Promise<void> {
    const rows = await this.#engine.store.db
      .selectFrom('support_notifications')
      .select(['chat_id', 'from_seq', 'through_seq'])
      .where('state', '=', 'pending')
      .execute()
    const open = new Set(
      rows.map((row) => `<${row.chat_id}.${row.from_seq}-${row.through_seq}@fern.example>`),
    )
    for (const taken of this.#server.taken) {
      if (taken.by === name && open.has(taken.mail.messageId ?? '')) this.#window.add(taken)
    }
  }
}

/** Someone new is answered again and again, some of them twice; some read it before they are told. */
async function writeReplies(engine: TestEngine, random: () => number, isOver: () => boolean): Promise<void> {
  const log = new MessageLog(engine, 0)
  while (!isOver()) {
    const { id: chatId } = await open(engine, user(engine.newId()))
    const reply = () => log.append(SAM, { chatId, content: 'Yes, it is.', clientId: null })
    await reply()
    if (random() < 0.3) await reply()
    if (random() < 0.2) await read(engine, chatId)
    await delay(REPLY_EVERY_MS * 2 * random())
  }
}

async function drained({ store }: TestEngine): Promise<void> {
  const untilMs = performance.now() + DRAIN_MS
  const pending = () =>
    store.db.selectFrom('support_notifications').select('id').where('state', '=', 'pending').execute()
  while ((await pending()).length > 0) {
    if (performance.now() > untilMs) return
    await delay(20)
  }
}

/** Each reply is in a mail that was taken, or was read in time. */
async function whatBecame(
  { store }: TestEngine,
  taken: readonly TakenMail[],
): Promise<Pick<DesksCount, 'replies' | 'mails' | 'read' | 'lost'>> {
  const replies = await store.db
    .selectFrom('support_messages')
    .select(['chat_id', 'seq'])
    .where('sender_type', '=', 'admin')
    .execute()
  const decisions = await store.db
    .selectFrom('support_notifications')
    .select(['chat_id', 'from_seq', 'through_seq', 'state', 'reason'])
    .execute()
  const ids = new Set(taken.map(({ mail }) => mail.messageId))
  const decided = Map.groupBy(decisions, (row) => row.chat_id)
  const fates = replies.map(({ chat_id, seq }) => {
    const row = decided.get(chat_id)?.find((row) => row.from_seq <= seq && seq <= row.through_seq)
    if (row === undefined) return 'lost'
    if (row.state === 'skipped' && row.reason === 'read') return 'read'
    const isTaken = ids.has(`<${chat_id}.${row.from_seq}-${row.through_seq}@fern.example>`)
    return row.state === 'sent' && isTaken ? 'told' : 'lost'
  })
  return {
    replies: replies.length,
    mails: taken.length,
    read: fates.filter((fate) => fate === 'read').length,
    lost: fates.filter((fate) => fate === 'lost').length,
  }
}
