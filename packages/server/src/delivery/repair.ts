import { ADMIN_STREAM, chatStream } from '@deskbell/protocol'
import { chatUpdated } from '../chats/change.ts'
import { type Chat, listItem, selectChats } from '../chats/chat.ts'
import type { DeskEvent, Engine } from '../engine.ts'
import { newUserMessage } from '../messages/message.ts'
import { forgetNotices, noticesSince, READABLE_MS } from '../store/notices.ts'
import { once } from '../store/once.ts'
import { prepare } from '../store/prepared.ts'
import type { Timestamp } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { micros, timestamp } from '../store/time.ts'
import type { Announcement } from './announcement.ts'
import type { BusMessage } from './bus/bus.ts'
import type { Hub, HubRepair } from './hub.ts'
import { rowKey, Told } from './told.ts'

/** How often the desk looks for what changed. */
const LOOK_MS = 750
/** What changed later than this ago may have a hint that is still on its way. */
const GRACE_MS = 250
/** A change has the time at which its transaction began to write, and is seen when that is committed. */
const OVERLAP_MS = 2_000
/** Now and then for transactions that waited long, and for hints that came late. */
const LONG_OVERLAP_MS = 10_000
const LOOKS_PER_LONG_ONE = 5
/** A clock that was put back is so for each desk at another moment: when it compares its own. */
const PUT_BACK_OVERLAP_MS = 20_000
const PAGE = 500

/**
 * Finds in the database what the bus has lost: a small poll of recently changed chats, by the database's clock, and of
 * notices. Whatever this desk has told already is not told again.
 */
export class Repair implements HubRepair {
  readonly #engine: Engine
  readonly #hub: Hub
  readonly #missed: () => void
  readonly #told = new Told()
  /** Up to when everything was found. */
  readonly #until = { notices: 0, chats: 0 }
  /** Before the desk began nobody listened to it. */
  #startedAt = 0
  /** What the clock was when it was put back, and how long others may go by it as it was. */
  #putBack = { from: 0, until: 0 }
  /** How far chats had come at the last look that were too young then. */
  #busy: ReadonlyMap<string, number> = new Map()
  #looks = 0
  #isFailing = false
  #isLooking = false
  #timer: NodeJS.Timeout | undefined

  /** `missed` is called when notices may have been missed for good. */
  constructor(engine: Engine, hub: Hub, missed: () => void) {
    this.#engine = engine
    this.#hub = hub
    this.#missed = missed
  }

  start(): void {
    this.#startedAt = this.#engine.clock.now()
    this.#until.notices = this.#until.chats = this.#startedAt
    this.#timer ??= setInterval(() => this.look(), LOOK_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  told(announcement: Announcement): boolean {
    return this.#timer === undefined || this.#told.note(announcement, this.#engine.clock.now())
  }

  look(): void {
    if (this.#isLooking || this.#timer === undefined) return
    this.#isLooking = true
    this.#find()
      .then(
        () => {
          this.#isFailing = false
        },
        (error: unknown) => {
          // Once, not at each look: whatever is missed meanwhile is found when it works again.
          if (!this.#isFailing) this.#engine.log.warn({ err: error }, 'changes could not be looked up')
          this.#isFailing = true
        },
      )
      .finally(() => {
        this.#isLooking = false
      })
  }

  async find({ source }: BusMessage): Promise<DeskEvent | null> {
    return source === undefined ? null : await this.#userMessage(source.chatId, source.seq)
  }

  async #find(): Promise<void> {
    const now = this.#engine.clock.now()
    const isLong = ++this.#looks % LOOKS_PER_LONG_ONE === 0
    const overlap = isLong ? LONG_OVERLAP_MS : OVERLAP_MS
    await this.#findNotices(now, overlap)
    const since = this.#since('chats', now, overlap)
    const busy = new Map<string, number>()
    let [at, id] = [since, '']
    for (;;) {
      const chats = await queries(this.#engine.store).changed.run(this.#engine.store.db, { at, id })
      for (const chat of chats) {
        if (this.#isDue(chat, now)) await this.#compare(chat, since, chat.last_seq)
        else if (isYoung(chat, now)) busy.set(chat.id, await this.#compareBusy(chat, since))
      }
      const last = chats.at(-1)
      if (last === undefined || chats.length < PAGE) break
      ;[at, id] = [last.updated_at, last.id]
    }
    this.#busy = busy
    this.#until.chats = now
    if (isLong) {
      await forgetNotices(this.#engine.store, now)
      this.#told.forget(
        now - 2 * LONG_OVERLAP_MS,
        (chatId) => this.#hub.followedSince(chatStream(chatId)) !== undefined,
      )
    }
  }

  async #findNotices(now: number, overlap: number): Promise<void> {
    const notices = await noticesSince(this.#engine.store, this.#since('notices', now, overlap))
    for (const { id, stream, event, createdAt } of notices) {
      const key = event.type === 'chat_removed' ? event.chat_id : id
      if (!this.#isOutdated(createdAt, now) && !this.#told.hasNotice(key)) this.#tell({ stream, event })
    }
    // As late as they were read: until then others may have been forgotten.
    const awayMs = this.#engine.clock.now() - this.#until.notices
    this.#until.notices = now
    if (awayMs <= READABLE_MS) return
    this.#engine.log.warn(
      { awayMs },
      'revocations may have been missed: everyone who is connected is looked up anew',
    )
    this.#missed()
  }

  #since(what: 'notices' | 'chats', now: number, overlap: number): string {
    const until = this.#until[what]
    if (now < until) {
      this.#startedAt = 0 // by a clock that does not count any more
      this.#putBack = { from: until - LONG_OVERLAP_MS, until: now + PUT_BACK_OVERLAP_MS }
    }
    const from = now < until ? now - PUT_BACK_OVERLAP_MS : until - overlap
    return timestamp(Math.max(from, this.#startedAt - GRACE_MS) * 1000)
  }

  #isDue({ updated_at }: Chat, now: number): boolean {
    const agedMs = now - millis(updated_at)
    return agedMs >= GRACE_MS || (agedMs < -GRACE_MS && !this.#isOutdated(updated_at, now))
  }

  /** Whether a time that is still to come was before the clock was put back, and was found then. */
  #isOutdated(at: Timestamp, now: number): boolean {
    if (millis(at) <= now + GRACE_MS) return false
    return now > this.#putBack.until || millis(at) < this.#putBack.from
  }

  /**
   * A chat in which someone writes without a pause is too young at every look; what it had at the look before is not.
   * Returns how far the chat has come by now.
   */
  async #compareBusy(chat: Chat, since: string): Promise<number> {
    const known = this.#busy.get(chat.id)
    if (known !== undefined && (this.#told.chat(chat.id)?.count ?? 0) < known) {
      await this.#compare(chat, since, known)
    } else if (known !== undefined) await this.#compareStream(chat, since, known)
    return chat.last_seq
  }

  /** Tells what this desk's listeners do not know of a chat that changed, if its messages up to `seq` ought to be known. */
  async #compare(chat: Chat, since: string, seq: number): Promise<void> {
    await this.#compareStream(chat, since, seq)
    const followedSince = this.#hub.followedSince(ADMIN_STREAM)
    if (followedSince === undefined || this.#isOlder(chat, followedSince)) return
    const row = rowKey(listItem(chat))
    if (this.#told.chat(chat.id)?.row === row) return
    const message =
      chat.last_message_sender === 'user' ? await this.#userMessage(chat.id, chat.last_seq) : null
    // Something was heard of it meanwhile: the next look knows more.
    if (this.#told.chat(chat.id)?.row === row) return
    if (message !== null && chat.last_seq > (this.#told.chat(chat.id)?.count ?? 0)) this.#tell(message)
    this.#tell(chatUpdated(chat))
  }

  async #compareStream(chat: Chat, since: string, seq: number): Promise<void> {
    const stream = chatStream(chat.id)
    if (this.#hub.followedSince(stream) === undefined) return
    if (this.#hub.notice(stream, seq)) this.#engine.meter.hints('repaired', 1)
    await this.#compareMarks(chat, since)
  }

  /** Whether a chat changed before anyone listened. A time that is still to come was by a clock that was put back. */
  #isOlder({ updated_at }: Chat, followedSince: number): boolean {
    if (followedSince > this.#engine.clock.now()) return false
    return millis(updated_at) < followedSince - GRACE_MS
  }

  async #compareMarks(chat: Chat, since: string): Promise<void> {
    const { read, viewed } = this.#told.chat(chat.id) ?? {}
    const stream = chatStream(chat.id)
    if (
      chat.admin_viewed_seq > (viewed ?? 0) &&
      (viewed !== undefined || isIn(chat.admin_viewed_at, since))
    ) {
      this.#tell({ stream, event: { type: 'messages_viewed', through: chat.admin_viewed_seq } })
    }
    if (chat.user_read_seq <= (read ?? 0)) return
    const [last] = await queries(this.#engine.store).lastRead.run(this.#engine.store.db, {
      chatId: chat.id,
      through: chat.user_read_seq,
    })
    const readAt = last?.read_at ?? null
    if (readAt === null || !isIn(readAt, since) || this.#told.chat(chat.id)?.read === chat.user_read_seq)
      return
    this.#tell({ stream, event: { type: 'messages_read', through: chat.user_read_seq, read_at: readAt } })
  }

  async #userMessage(chatId: string, seq: number): Promise<DeskEvent | null> {
    const [row] = await queries(this.#engine.store).message.run(this.#engine.store.db, { chatId, seq })
    return row === undefined ? null : newUserMessage(row, row.user_email)
  }

  #tell(event: DeskEvent): void {
    this.#engine.meter.hints('repaired', 1)
    this.#hub.tellHere(event)
  }
}

function isYoung({ updated_at }: Chat, now: number): boolean {
  return Math.abs(now - millis(updated_at)) <= GRACE_MS
}

function millis(at: Timestamp): number {
  return micros(at) / 1000
}

function isIn(at: string | null, since: string): boolean {
  return at !== null && at > since
}

const queries = once((store: Store) => ({
  changed: prepare(({ at, id }: { at: string; id: string }) =>
    selectChats(store.db)
      // The first condition is implied by the second; it is what lets the index find the place.
      .where('support_chats.updated_at', '>=', at)
      .where((is) => is.or([is('support_chats.updated_at', '>', at), is('support_chats.id', '>', id)]))
      .orderBy('support_chats.updated_at')
      .orderBy('support_chats.id')
      .limit(PAGE),
  ),
  lastRead: prepare(({ chatId, through }: { chatId: string; through: number }) =>
    store.db
      .selectFrom('support_messages')
      .select('read_at')
      .where('chat_id', '=', chatId)
      .where('seq', '<=', through)
      .where('sender_type', '=', 'admin')
      .orderBy('seq', 'desc')
      .limit(1),
  ),
  message: prepare(({ chatId, seq }: { chatId: string; seq: number }) =>
    store.db
      .selectFrom('support_messages')
      .innerJoin('support_chats', 'support_chats.id', 'support_messages.chat_id')
      .innerJoin('support_users', 'support_users.id', 'support_chats.user_id')
      .selectAll('support_messages')
      .select('support_users.email as user_email')
      .where('support_messages.chat_id', '=', chatId)
      .where('support_messages.seq', '=', seq),
  ),
}))
