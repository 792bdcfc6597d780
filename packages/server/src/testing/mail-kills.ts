import { open } from '../chats/open.ts'
import { user } from './engine.ts'
import { type MailRoom, mailRoom, PERIOD_MS } from './mail-room.ts'
import { SMTP_STEPS, STEPS, type Step } from './mail-steps.ts'
import { MailWorker } from './mail-workers.ts'

/** What kills at one step came to. */
export interface KillCount {
  step: Step
  /** As many as there were unread replies: one each. */
  kills: number
  /** Mails that a mail server took, however often the same one. */
  mails: number
  /** Mails that were taken once more than needed, each by the id of the first. */
  repeated: number
  /** Replies that nobody was told of. */
  lost: number
}

/** Longer than a lease. */
const LATER_MS = 3 * PERIOD_MS
/** More than the buffers between two processes hold: a worker that sends it is stopped in the middle. */
const LARGE_BYTES = 8_000_000

const AT_THE_SERVER: ReadonlySet<Step> = new Set<Step>(SMTP_STEPS)

/** Steps that are tried at the same time: a new process is slow to start. */
const LANES = 2

/**
 * Kills a worker with one unread reply in its hands, `rounds` times at each step; each time another desk comes after it
 * when the lease is over.
 */
export async function killAtEveryStep(rounds: number): Promise<KillCount[]> {
  const counts = STEPS.map((step): KillCount => ({ step, kills: 0, mails: 0, repeated: 0, lost: 0 }))
  const left = [...counts]
  const lane = async () => {
    await using at = await mailRoom()
    for (let count = left.shift(); count !== undefined; count = left.shift()) {
      for (let round = 0; round < rounds; round++) await killOnce(at, count)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return counts
}

async function killOnce(at: MailRoom, count: KillCount): Promise<void> {
  const { engine, server } = at
  const { id: chatId } = await open(engine, user(engine.newId()))
  const mark = server.taken.length
  await at.reply('Yes, it is.', chatId)
  engine.clock.advance(PERIOD_MS)
  await killed(at, count.step)
  count.kills++

  await at.round()
  engine.clock.advance(LATER_MS)
  await at.round()
  const ids = server.taken.slice(mark).map(({ mail }) => mail.messageId ?? '')
  const isTold =
    ids.every((id) => id.startsWith(`<${chatId}.`)) && (await at.outcome(chatId)).join() === 'sent'
  count.mails += ids.length
  count.repeated += ids.length - new Set(ids).size
  if (!isTold || new Set(ids).size !== 1) count.lost++
}

/** A worker of its own looks into the outbox and is killed where it stands. */
async function killed({ engine, server }: MailRoom, step: Step): Promise<void> {
  let release = () => {}
  const arrived = new Promise<void>((resolve) => {
    server.onStep = (reached) => {
      if (reached !== step) return
      resolve()
      return new Promise<void>((go) => {
        release = go
      })
    }
  })
  const worker = await MailWorker.start({
    databaseUrl: engine.url,
    mailUrl: server.urlFor('victim'),
    notifyAfterMs: PERIOD_MS,
    clock: { atMs: engine.clock.now(), setAtMs: 0, speed: 0 },
    stopAt: step,
    mailBytes: step === 'data' ? LARGE_BYTES : 0,
  })
  await (AT_THE_SERVER.has(step) ? arrived : worker.there())
  await worker.kill()
  server.onStep = () => {}
  release()
  await server.left('victim')
}
