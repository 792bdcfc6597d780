import { type AdminSupportMessage, DeskbellError } from '@deskbell/protocol'
import { chatUpdated } from '../chats/change.ts'
import type { DeskEvent, Engine } from '../engine.ts'
import { notificationChanged } from '../notifications/decisions.ts'
import { DatabaseFailure } from '../store/failure.ts'
import { type Committed, type CommittedBatch, commitBatch, type Entry } from './commit.ts'
import { type Draft, type Sender, validDraft } from './draft.ts'
import { adminMessage, newMessage, newUserMessage } from './message.ts'
import { RateLimit } from './rate-limit.ts'

/** What became of a draft: a new message, or the one that an earlier attempt had stored, as its sender sees it. */
export interface Appended {
  message: AdminSupportMessage
  repeated: boolean
}

/** More would wait longer than anyone waits for an answer. */
const MOST_WAITING = 10_000

interface Waiting extends Entry {
  resolve: (appended: Appended) => void
  reject: (error: unknown) => void
}

/**
 * The one way into the log. Drafts that arrive while a commit runs share the next one (group commit):
 * they are gathered for as long as the loop is reading sockets, without a timer.
 */
export class MessageLog {
  readonly #engine: Engine
  readonly #rateLimit: RateLimit
  #waiting: Waiting[] = []
  #isCommitting = false
  #idle: (() => void)[] = []

  /** `rateLimit` is the messages a user may send in 10 s; 0 is no limit. */
  constructor(engine: Engine, rateLimit: number) {
    this.#engine = engine
    this.#rateLimit = new RateLimit(rateLimit, engine.clock)
    engine.meter.watch('append', () => this.#waiting.length)
  }

  /**
   * Stores a message and tells its streams, or finds the one that the same client_id stored before.
   * Throws `invalid`, `too_large`, `rate_limited`, `not_found`, or `conflict` for a client_id used with another content.
   */
  async append(sender: Sender, draft: Draft): Promise<Appended> {
    const valid = validDraft(draft)
    // A chat has one user, so its id is theirs.
    if (sender.type === 'user') this.#rateLimit.spend(draft.chatId)
    if (this.#waiting.length >= MOST_WAITING) throw notNow()
    return await new Promise<Appended>((resolve, reject) => {
      this.#waiting.push({ id: this.#engine.newId(), sender, draft: valid, resolve, reject })
      if (this.#isCommitting) return
      this.#isCommitting = true
      setImmediate(this.#commit)
    })
  }

  /** Resolves when everything that was taken in is committed. */
  async drained(): Promise<void> {
    if (this.#isCommitting) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #commit = async (): Promise<void> => {
    const batch = this.#waiting.splice(0, this.#engine.store.dialect.messagesPerCommit)
    await this.#store(batch)
    // Back through the loop, so that what has arrived meanwhile joins the next batch.
    if (this.#waiting.length > 0) return void setImmediate(this.#commit)
    this.#isCommitting = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  async #store(batch: Waiting[]): Promise<void> {
    const startedAt = performance.now()
    let committed: CommittedBatch
    try {
      committed = await commitBatch(this.#engine, batch)
    } catch (error) {
      if (error instanceof DatabaseFailure) return this.#refuse(this.#sharing(batch, error), error)
      return await this.#storeApart(batch, error)
    }
    this.#engine.meter.committed(batch.length, (performance.now() - startedAt) / 1000)
    this.#tell(committed)
    this.#answer(batch, committed.results)
  }

  /** One entry that the database refuses must not fail the others: each gets a transaction of its own. */
  async #storeApart(batch: Waiting[], error: unknown): Promise<void> {
    const [only, ...others] = batch
    if (only === undefined) return
    if (others.length > 0) {
      for (const entry of batch) await this.#store([entry])
      return
    }
    this.#refuse([only], error)
  }

  /** What keeps the database from storing one keeps it from storing any, and those behind it have waited as long. */
  #sharing(batch: Waiting[], { kind }: DatabaseFailure): Waiting[] {
    return kind === 'collision' ? batch : [...batch, ...this.#waiting.splice(0)]
  }

  #refuse(batch: Waiting[], error: unknown): void {
    const err = error instanceof DatabaseFailure ? error.cause : error
    this.#engine.log.error({ err, messages: batch.length }, 'messages could not be stored')
    for (const { reject } of batch) reject(notNow())
  }

  /** Tells the streams. Whatever comes of it, the messages are stored. */
  #tell({ results, notifications }: CommittedBatch): void {
    try {
      this.#engine.publish([...results.flatMap(eventsOf), ...notifications.map(notificationChanged)])
    } catch (error) {
      this.#engine.log.error({ err: error }, 'messages were stored but not told')
    }
  }

  #answer(batch: Waiting[], results: Committed[]): void {
    for (const [index, { resolve, reject }] of batch.entries()) {
      const result = results[index]
      if (result === undefined) reject(new DeskbellError('unavailable', 'The message could not be stored.'))
      else if (result.outcome === 'refused') reject(result.error)
      else resolve({ message: adminMessage(result.row), repeated: result.outcome === 'repeated' })
    }
  }
}

const notNow = () => new DeskbellError('unavailable', 'The message could not be stored.', { retryAfter: 1 })

function eventsOf(result: Committed): DeskEvent[] {
  if (result.outcome !== 'stored') return []
  const { chat, row, isRowChanged } = result
  const events: DeskEvent[] = [newMessage(row)]
  if (row.sender_type === 'user') events.push(newUserMessage(row, chat.user_email))
  // The message alone tells all of a known, active row's change; any other row is told whole.
  if (isRowChanged) events.push(chatUpdated(chat))
  return events
}
