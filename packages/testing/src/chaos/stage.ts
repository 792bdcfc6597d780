import { setTimeout as delay } from 'node:timers/promises'
import { differences } from '../list-differences.ts'
import { seededBy } from '../seeded.ts'
import { until } from '../until.ts'
import { Auditor } from './auditor.ts'
import { Cast } from './cast.ts'
import type { Ending, StoredNotification, View } from './ending.ts'
import { type Ground, type GroundOptions, openGround } from './ground.ts'
import { History } from './history.ts'
import { type Violation, violations } from './invariants.ts'
import type { Scene, Watched } from './person.ts'
import { Reader } from './reader.ts'
import { decisions, stored, storedRows } from './stored.ts'

const MOST_PAUSE_MS = 700
/** P4 */
const CAUGHT_UP_MS = 5_000
/** A message that was refused for now waits before it is sent again. */
const ANSWERED_MS = 30_000
/** Mails go so early that each run sees them go; soon some wait for their hour, in which an address gets six. */
const ENV = { NOTIFY_AFTER: '1s' }
/** What is due by then is waited for: it may be put off once because its user looks. */
const SOON_MS = 3_000
/** A desk looks into the outbox each second. */
const MAILED_MS = 15_000

export interface StageOptions extends Omit<GroundOptions, 'env'> {
  seed: number
  /** Admins who keep the list in order, beside those who answer. */
  dashboards: number
  /** How long mails that wait for a lease are waited for. */
  mailPatienceMs: number
}

/** How it ended. */
export interface Verdict {
  violations: Violation[]
  /** How long after everything was there again the last client had caught up; null where one never did. */
  caughtUpAfterMs: number | null
  /** How many e-mails were sent, skipped, and so on. */
  decisions: Record<StoredNotification['state'], number>
}

/** Several desks with people at work on them, and someone who looks into the database meanwhile. */
export class Stage implements AsyncDisposable {
  readonly ground: Ground
  readonly cast: Cast
  readonly history: History
  readonly #reader: Reader
  readonly #auditor: Auditor
  readonly #options: StageOptions

  private constructor(
    options: StageOptions,
    parts: { ground: Ground; cast: Cast; history: History; reader: Reader; auditor: Auditor },
  ) {
    this.#options = options
    this.ground = parts.ground
    this.cast = parts.cast
    this.history = parts.history
    this.#reader = parts.reader
    this.#auditor = parts.auditor
  }

  static async open(options: StageOptions): Promise<Stage> {
    const ground = await openGround({ ...options, env: ENV })
    try {
      const reader = new Reader(ground.databaseUrl)
      const history = new History()
      const auditor = new Auditor(reader, history, ground.desks)
      const scene: Scene = {
        balancer: ground.balancer,
        history,
        random: seededBy(options.seed),
        shownAsSent: (client, clientId) => auditor.shownAsSent(client, clientId),
        mostPauseMs: MOST_PAUSE_MS,
      }
      const cast = await Cast.assemble(scene, options.dashboards)
      return new Stage(options, { ground, cast, history, reader, auditor })
    } catch (error) {
      await ground[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Everyone is at work, and looked after, until what happens meanwhile is over. */
  async live(meanwhile: () => Promise<void>): Promise<void> {
    const auditing = new AbortController()
    const audited = this.#auditor.watch(auditing.signal)
    try {
      await this.cast.live(meanwhile)
    } finally {
      auditing.abort()
      await audited
    }
  }

  /** Resolves when so many messages more are acknowledged. */
  async acknowledged(more: number): Promise<void> {
    const count = () => this.history.operations.filter(({ outcome }) => outcome === 'ok').length
    const before = count()
    await until(`${more} messages are acknowledged`, () => count() >= before + more, 30_000)
  }

  /** Once everything is mended: whether everyone catches up, and everything is as it was told to be. */
  async verdict(): Promise<Verdict> {
    const falls = this.ground.desks.flatMap(({ fall }) => fall ?? [])
    if (falls.length > 0) throw new Error(falls.join('\n'))
    await this.ground.ready()
    const views = await this.#caughtUp()
    await this.cast.stopSorting()
    await until('all is answered', () => this.history.unanswered === 0, ANSWERED_MS).catch(() => {})
    await this.#auditor.look()
    await this.#mailsSettled()
    const found = await this.#atRest(views)
    const times = [...views.values()]
    return {
      violations: found,
      caughtUpAfterMs: times.includes(null) ? null : Math.max(...times.map(Number)),
      decisions: await decisions(this.#reader),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cast[Symbol.asyncDispose]()
    this.#reader[Symbol.dispose]()
    await this.ground[Symbol.asyncDispose]()
  }

  /** For each screen, after how long it shows all that is stored now; the clock starts here. */
  async #caughtUp(): Promise<Map<Watched, number | null>> {
    const { screens } = this.cast
    const fromMs = performance.now()
    const { chats } = await stored(this.#reader)
    const wanted = new Map(chats.map(({ id, lastSeq }) => [id, lastSeq]))
    const views = new Map<Watched, number | null>()
    while (views.size < screens.length) {
      const afterMs = performance.now() - fromMs
      for (const screen of screens) {
        const isThere = screen.last >= (wanted.get(screen.chatId) ?? 0)
        // Longer is wrong, but how much longer is worth knowing.
        const isOver = isThere || afterMs > 4 * CAUGHT_UP_MS
        if (isOver && !views.has(screen)) views.set(screen, isThere ? afterMs : null)
      }
      await delay(10)
    }
    return views
  }

  /** Resolves when no mail is due soon or on its way, or after so long: a dead desk's lease outlives it. */
  async #mailsSettled(): Promise<void> {
    const waiting = async () => {
      const { now, notifications } = await stored(this.#reader)
      const soon = new Date(Date.parse(now) + SOON_MS).toISOString()
      const isLeased = ({ leasedUntil }: StoredNotification) => (leasedUntil ?? '') > now
      const all = notifications.filter(({ state, dueAt }) => state === 'pending' && dueAt <= soon)
      return { all: all.length, unleased: all.filter((one) => !isLeased(one)).length }
    }
    await until('no mail is due', async () => (await waiting()).unleased === 0, MAILED_MS).catch(() => {})
    const { mailPatienceMs } = this.#options
    await until('no mail is on its way', async () => (await waiting()).all === 0, mailPatienceMs).catch(
      () => {},
    )
  }

  /** What is wrong once everything had as long as P4 gives it. */
  async #atRest(views: ReadonlyMap<Watched, number | null>): Promise<Violation[]> {
    const fromMs = performance.now()
    for (;;) {
      await this.#auditor.measure()
      const found = violations(this.history, await this.#ending(views))
      if (found.length === 0 || performance.now() - fromMs > CAUGHT_UP_MS) return found
      await delay(100)
    }
  }

  async #ending(caughtUpAfterMs: ReadonlyMap<Watched, number | null>): Promise<Ending> {
    const shown = await this.cast.shownLists()
    const rows = await storedRows(this.#reader)
    const views: View[] = this.cast.screens.map((one) => one.view(caughtUpAfterMs.get(one) ?? null))
    return {
      stored: await stored(this.#reader),
      views,
      wrongRows: shown.flatMap((lists, n) =>
        differences(lists, rows).map((text) => `dashboard ${n}: ${text}`),
      ),
      mails: this.ground.mails.taken.map(({ mail, to }) => ({ messageId: mail.messageId ?? '', to })),
    }
  }
}
