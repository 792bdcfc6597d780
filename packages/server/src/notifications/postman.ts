import type { Engine } from '../engine.ts'
import type { IsLooking, Letter } from './judge.ts'
import { HOUR_MS } from './judge.ts'
import { type Mail, type Mailer, MailFailure, SEND_MS } from './mailer.ts'
import { heedClock, heedLeases, type Leased, leaseDue } from './outbox.ts'
import { prepareLetter, settleLater, settleRefused, settleSent } from './settle.ts'

const POLL_MS = 1_000
/** Mails that are on their way at once. */
const PARALLEL = 10
/** Longer than anything that is done under it. */
const LEASE_MS = 2 * SEND_MS
/** A desk that stops waits so long for what is on its way; after that it is sent again by whoever comes next. */
const LAST_MS = 5_000

export interface PostmanParts {
  mailer: Mailer
  compose: (letter: Letter) => Mail
  isLooking: IsLooking
}

/** Sends what the outbox holds. Each desk has one; of several, one gets each mail. */
export class Postman {
  readonly #engine: Engine
  readonly #parts: PostmanParts
  readonly #underWay = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #lookedAtMs = Number.POSITIVE_INFINITY
  #isStopped = false

  constructor(engine: Engine, parts: PostmanParts) {
    this.#engine = engine
    this.#parts = parts
  }

  /** Looks into the outbox from now on. */
  start(): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => void this.#poll(), POLL_MS).unref()
  }

  /** Starts nothing more, and waits a little for what is on its way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_MS).unref())
    await Promise.race([Promise.all(this.#underWay), late])
  }

  /** One look: takes what is due and settles it. */
  async round(): Promise<void> {
    await heedClock(this.#engine, HOUR_MS)
    const nowMs = this.#engine.clock.now()
    if (nowMs < this.#lookedAtMs) await heedLeases(this.#engine, LEASE_MS)
    this.#lookedAtMs = nowMs
    const limit = PARALLEL - this.#underWay.size
    if (limit <= 0) return
    const leased = await leaseDue(this.#engine, limit, LEASE_MS)
    await Promise.all(leased.map((one) => this.#track(this.#deliver(one))))
  }

  async #poll(): Promise<void> {
    // Not awaited: a mail server that is slow to one mail must not hold up the others.
    const round = this.round().catch((error: unknown) => this.#failed(error))
    await Promise.race([round, new Promise((resolve) => setTimeout(resolve, POLL_MS).unref())])
    this.start()
  }

  #track(work: Promise<void>): Promise<void> {
    const tracked = work
      .catch((error: unknown) => this.#failed(error))
      .finally(() => this.#underWay.delete(tracked))
    this.#underWay.add(tracked)
    return tracked
  }

  async #deliver(leased: Leased): Promise<void> {
    const engine = this.#engine
    const letter = await prepareLetter(engine, leased, this.#parts.isLooking)
    if (letter === null) return
    try {
      await this.#parts.mailer.send(this.#parts.compose(letter))
    } catch (error) {
      return await this.#failedToSend(leased, letter, error)
    }
    await settleSent(engine, leased, letter)
  }

  async #failedToSend(leased: Leased, letter: Letter, error: unknown): Promise<void> {
    const { log } = this.#engine
    if (!(error instanceof MailFailure)) log.error({ err: error }, 'a mail could not be made')
    else log.warn({ chat: leased.chatId, kind: error.kind, said: error.message }, 'a mail was not taken')
    const detail = error instanceof MailFailure ? error.message : 'The mail could not be made.'
    if (!(error instanceof MailFailure) || error.kind === 'later') {
      return await settleLater(this.#engine, leased, letter, detail)
    }
    const isAddress = error.kind === 'refused_address'
    await settleRefused(this.#engine, leased, letter, { detail, isAddress })
  }

  // The outbox still holds it: it comes up again when its lease is over.
  #failed(error: unknown): void {
    if (!this.#isStopped) this.#engine.log.error({ err: error }, 'the outbox could not be worked off')
  }
}
