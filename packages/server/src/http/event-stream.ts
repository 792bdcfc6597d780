import type { UnderlyingSource } from 'node:stream/web'
import { ADMIN_STREAM, chatStream, DeskbellError } from '@deskbell/protocol'
import type { Chat } from '../chats/chat.ts'
import type { Core } from '../core.ts'
import type { Connection } from '../delivery/connections.ts'
import { ChatSubscription, type Encoding, type Sink, Subscription } from '../delivery/subscription.ts'
import type { Caller } from '../identity/caller.ts'
import { hasExpired } from '../identity/identity.ts'
import type { History } from '../messages/history.ts'

/** Bytes that may wait for a slow reader before the stream ends: it comes back and resumes. */
const MAX_BUFFERED = 1024 * 1024
/** Bytes that may wait before the next page of a gap is read. */
const READ_AHEAD = 64 * 1024
/** As often as a cable's ping: a client that hears nothing for two of them knows that the line is dead. */
const BEATS_PER_COMMENT = 3
const BEAT_MS = 1_000
const COMMENT = Buffer.from(':\n\n')
/** Seconds after which a client that was refused may try again. */
const RETRY_AFTER = 5
/** How long a client waits before it comes back (WHATWG HTML, server-sent events). */
const RETRY = Buffer.from('retry: 2000\n\n')

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // nginx gathers answers unless it is told not to.
  'x-accel-buffering': 'no',
}

/** Every event stream gets the same bytes; a message's seq is its id, so that Last-Event-ID resumes. */
const ENCODING: Encoding = {
  key: 'event-stream',
  encode: (json, seq) => Buffer.from(`${seq === null ? '' : `id: ${seq}\n`}data: ${json}\n\n`),
}

/** Who asked for a stream. */
export interface Listener {
  request: Request
  caller: Caller
  /** How often someone had been revoked when the caller was looked up. */
  revocations: number
  /** Where the request came from, if that is known. */
  address: string | null
}

/** The event streams that are open, and the one timer that looks after them. */
export class EventStreams {
  readonly #core: Core
  readonly #open = new Set<EventStream>()
  #timer: NodeJS.Timeout | undefined
  #beats = 0

  constructor(core: Core) {
    this.#core = core
  }

  /** Opens a stream; `leave` is called once, when it has ended for whatever reason. Throws `rate_limited`. */
  open({ request, caller, revocations, address }: Listener, leave: () => void): EventStream {
    const { connections, connectionLimit, meter } = this.#core
    if (connectionLimit.isFull(address)) throw tooMany()
    const giveBack = connectionLimit.take(address)
    const stream = new EventStream(caller, request.signal, () => {
      giveBack?.()
      leave()
      connections.delete(stream)
      meter.connections('events', -1)
      this.#open.delete(stream)
      if (this.#open.size === 0) clearInterval(this.#timer)
    })
    if (this.#open.size === 0) this.#timer = setInterval(() => this.#beat(), BEAT_MS).unref()
    this.#open.add(stream)
    connections.add(stream)
    // Someone was revoked since the caller was looked up; whoever still may listen comes back by themselves.
    if (revocations !== connections.revocations) queueMicrotask(() => stream.end())
    meter.connections('events', 1)
    return stream
  }

  #beat(): void {
    const isComment = ++this.#beats % BEATS_PER_COMMENT === 0
    for (const stream of this.#open) {
      if (hasExpired(stream.caller, this.#core.clock)) stream.end()
      else if (isComment) stream.write(COMMENT)
    }
  }
}

/** One answer that goes on: a connection to write to, and the body that carries what was written. */
class EventStream implements Connection, Sink {
  readonly caller: Caller
  readonly body: ReadableStream<Uint8Array>
  #controller!: ReadableStreamDefaultController<Uint8Array>
  #left: (() => void) | null
  #waiting: (() => void)[] = []

  constructor(caller: Caller, signal: AbortSignal, left: () => void) {
    this.caller = caller
    this.#left = left
    const source: UnderlyingSource<Uint8Array> = {
      start: (controller) => {
        this.#controller = controller
      },
      pull: () => this.#wake(),
      cancel: () => this.#leave(),
    }
    this.body = new ReadableStream(source, new ByteLengthQueuingStrategy({ highWaterMark: READ_AHEAD }))
    signal.addEventListener('abort', () => this.end(), { once: true })
    // Whoever has left already will not leave again. The stream is still being set up: not in this turn.
    if (signal.aborted) queueMicrotask(() => this.end())
  }

  get isOpen(): boolean {
    return this.#left !== null
  }

  write(frame: Buffer): void {
    if (!this.isOpen) return
    this.#controller.enqueue(frame)
    const room = this.#controller.desiredSize ?? 0
    if (room < READ_AHEAD - MAX_BUFFERED) this.#fail()
  }

  async ready(): Promise<void> {
    if (!this.isOpen || (this.#controller.desiredSize ?? 0) > 0) return
    await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Ends the answer after what was written. */
  end(): void {
    if (!this.isOpen) return
    this.#leave()
    this.#controller.close()
  }

  /** Ends it at once and gives up what the reader has not taken. */
  #fail(): void {
    this.#leave()
    this.#controller.error(new Error('the reader of an event stream was too slow'))
  }

  #leave(): void {
    const left = this.#left
    this.#left = null
    left?.()
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

function tooMany(): DeskbellError {
  return new DeskbellError('rate_limited', 'Too many connections are open from this address.', {
    retryAfter: RETRY_AFTER,
  })
}

/** Answers with a chat's events from a seq on, or from now. `find` throws when the chat is not the caller's. */
export async function chatEvents(
  core: Core,
  streams: EventStreams,
  listener: Listener,
  resume: { find: () => Promise<Chat>; history: History; after: number | null },
): Promise<Response> {
  const { id } = await resume.find()
  if (listener.request.method === 'HEAD') return new Response(null, { headers: HEADERS })
  const stream = streams.open(listener, () => {
    unsubscribe()
    subscription.close()
  })
  const subscription = new ChatSubscription(stream, ENCODING, id, resume.history)
  const unsubscribe = core.hub.subscribe(chatStream(id), subscription)
  try {
    // Again, now that the stream listens: what was committed in between is heard or read, never missed.
    const { last_seq } = await resume.find()
    stream.write(RETRY)
    subscription.start(last_seq)
    if (resume.after !== null) subscription.rewind(Math.min(resume.after, last_seq))
  } catch (error) {
    stream.end()
    throw error
  }
  return new Response(stream.body, { headers: HEADERS })
}

/** Answers with the events of the admins' list from now on. */
export function adminEvents(core: Core, streams: EventStreams, listener: Listener): Response {
  if (listener.request.method === 'HEAD') return new Response(null, { headers: HEADERS })
  const stream = streams.open(listener, () => unsubscribe())
  const unsubscribe = core.hub.subscribe(ADMIN_STREAM, new Subscription(stream, ENCODING, 'admin'))
  stream.write(RETRY)
  return new Response(stream.body, { headers: HEADERS })
}

/** The seq to go on from: what the client last heard of, or what it asks for. Throws `invalid`. */
export function resumeAfter(request: Request, after: number | undefined): number | null {
  const lastEventId = request.headers.get('last-event-id')
  if (lastEventId === null || lastEventId === '') return after ?? null
  if (!/^\d{1,15}$/.test(lastEventId)) {
    throw new DeskbellError('invalid', 'Last-Event-ID must be the id of an event.')
  }
  return Number(lastEventId)
}
