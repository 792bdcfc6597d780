import type { SenderType } from '@deskbell/protocol'
import type { History } from '../messages/history.ts'

/** Where frames go: one connection. It closes itself when its reader is too slow. */
export interface Sink {
  readonly isOpen: boolean
  write(frame: Buffer): void
  /** Resolves when what was written has mostly left, or the connection has closed. */
  ready(): Promise<void>
}

/** How a subscription's frames look. Subscriptions with the same key get the same bytes. */
export interface Encoding {
  readonly key: string
  /** `json` is the event; `seq` is the seq of the message it carries, if it carries one. */
  encode(json: string, seq: number | null): Buffer
}

/** Messages read at once when a gap is filled. */
const GAP_PAGE = 100
/** Events without a seq that wait behind a gap; a client that misses more reads them when it resyncs. */
const HELD = 100
const RETRY_MS = 250
const MAX_RETRY_MS = 5_000

/** One listener of one stream. */
export class Subscription {
  readonly sink: Sink
  readonly encoding: Encoding
  /** Admins may be told more than a chat's user. */
  readonly side: SenderType

  constructor(sink: Sink, encoding: Encoding, side: SenderType) {
    this.sink = sink
    this.encoding = encoding
    this.side = side
  }

  offer(frame: Buffer, _seq: number | null): void {
    this.sink.write(frame)
  }

  /** There are messages up to this seq, whether or not they were offered. Tells whether that is news here. */
  notice(_seq: number): boolean {
    return false
  }
}

type State = 'opening' | 'live' | 'reading' | 'closed'

/**
 * A listener of a chat: its messages leave in seq order, each once. What repeats is dropped,
 * and a gap is read from the log before anything later is sent.
 */
export class ChatSubscription extends Subscription {
  readonly #chatId: string
  readonly #history: Pick<History, 'after'>
  #state: State = 'opening'
  #sentSeq = 0
  /** The highest seq that was heard of while this subscription could not send it. */
  #heardSeq = 0
  #held: Buffer[] | undefined

  constructor(sink: Sink, encoding: Encoding, chatId: string, history: Pick<History, 'side' | 'after'>) {
    super(sink, encoding, history.side)
    this.#chatId = chatId
    this.#history = history
  }

  /** The seq up to which this connection has been told. */
  get sentSeq(): number {
    return this.#sentSeq
  }

  /** Goes live: everything after `seq` is to be sent. Until then what is heard is kept. */
  start(seq: number): void {
    this.#sentSeq = seq
    this.#state = 'live'
    if (this.#heardSeq > seq || this.#held !== undefined) this.#fill()
  }

  /** Sends again what came after `seq`, which exists, and goes on from there. */
  rewind(seq: number): void {
    this.#sentSeq = seq
    if (this.#state === 'live') this.#fill()
  }

  close(): void {
    this.#state = 'closed'
    this.#held = undefined
  }

  override offer(frame: Buffer, seq: number | null): void {
    if (this.#state === 'closed') return
    if (this.#state === 'live' && (seq === null || seq === this.#sentSeq + 1)) {
      if (seq !== null) this.#sentSeq = seq
      this.sink.write(frame)
      return
    }
    if (seq === null) this.#hold(frame)
    else this.notice(seq)
  }

  override notice(seq: number): boolean {
    const isNews = seq > this.#heardSeq && seq > this.#sentSeq && this.#state !== 'closed'
    this.#heardSeq = Math.max(this.#heardSeq, seq)
    if (this.#state === 'live' && this.#heardSeq > this.#sentSeq) this.#fill()
    return isNews
  }

  #hold(frame: Buffer): void {
    this.#held ??= []
    if (this.#held.length < HELD) this.#held.push(frame)
  }

  #fill(): void {
    this.#state = 'reading'
    void this.#read()
  }

  async #read(): Promise<void> {
    let retryMs = RETRY_MS
    while (this.#isReading()) {
      try {
        await this.#readPage()
        retryMs = RETRY_MS
      } catch {
        // The log cannot be read now; what is missing is not given up while the listener is there.
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref())
        retryMs = Math.min(retryMs * 2, MAX_RETRY_MS)
      }
    }
  }

  /** Sends one page; after the last one the stream is live again. */
  async #readPage(): Promise<void> {
    const from = this.#sentSeq
    const heardBefore = this.#heardSeq
    const { messages, hasMore } = await this.#history.after(this.#chatId, from, GAP_PAGE)
    if (!this.#isReading() || this.#sentSeq !== from) return // closed, or rewound: read from there
    for (const message of messages) {
      this.#sentSeq = message.seq
      this.sink.write(this.encoding.encode(JSON.stringify({ type: 'new_message', message }), message.seq))
      // After each, not after the page: a page of long messages is more than a slow reader's buffer may hold.
      await this.sink.ready()
      if (!this.#isReading() || this.#sentSeq !== message.seq) return
    }
    // What was heard of before the reading and is not in the log does not exist any more.
    const isComplete = this.#heardSeq <= this.#sentSeq || this.#heardSeq === heardBefore
    // In the same turn as the look at what was heard, or what is offered in between would be forgotten.
    if (!hasMore && isComplete) this.#goLive()
  }

  #goLive(): void {
    this.#state = 'live'
    const held = this.#held ?? []
    this.#held = undefined
    for (const frame of held) this.sink.write(frame)
  }

  #isReading(): boolean {
    return this.#state === 'reading' && this.sink.isOpen
  }
}
