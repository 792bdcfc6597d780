import {
  EPOCH_HEADER,
  ERROR_CODES,
  type ErrorCode,
  type SenderType,
  type SupportMessage,
} from '@deskbell/protocol'
import type { Clock } from '../clock.ts'
import { settled } from './fake-clock.ts'
import { FakeSocket } from './fake-socket.ts'
import { FakeStream } from './fake-stream.ts'

interface Frame {
  command?: string
  identifier?: string
  data?: string
}

/** Whoever opens a socket with it is an admin. */
export const ADMIN_TOKEN = 'admin-token'

/** Whoever follows the chat, over a socket or a stream. */
interface Follower {
  side: SenderType
  sentSeq: number
  tell(event: object): void
}

/** One chat of a desk in memory. Nothing travels over its cable or its streams until a test says so. */
export class MemoryDesk {
  readonly log: SupportMessage[] = []
  readonly sockets: FakeSocket[] = []
  readonly streams: FakeStream[] = []
  readonly calls: string[] = []
  /** The client_id of each attempt to send, by any way. */
  readonly attempts: string[] = []
  /** Calls that have no answer yet. */
  underWay = 0
  /** What lies between: `stalled` lets nothing through, `portal` answers every call with a page of its own. */
  network: 'up' | 'down' | 'stalled' | 'portal' = 'up'
  /** What becomes of attempts to open a socket, where the network is up. */
  socketsAre: 'open' | 'blocked' | 'hanging' = 'open'
  streamsAre: 'open' | 'blocked' | 'buffered' = 'open'
  chatExists = true
  /** Another one says that the log is another. */
  epoch = 'first'
  /** Where its user can be reached; null for a visitor who has not said. */
  email: string | null = 'alice@example.com'
  /** The tokens that are accepted; null: everyone is. */
  acceptedTokens: Set<string | null> | null = null
  userReadSeq = 0
  /** Marks that come by the cable are not stored, and nobody is told. */
  losesMarks = false
  /** The user says that they have the chat before their eyes. */
  isLookedAt = false
  adminViewedSeq = 0
  /** Answers the next sends with this. */
  refusals: { code: ErrorCode; message: string; retry_after?: number }[] = []
  /** What a call is answered with instead, once. */
  oddAnswers: Response[] = []
  readonly #clock: Clock
  readonly #followers = new Map<FakeSocket | FakeStream, Follower>()
  /** What was open when the network stalled never carries anything again. */
  readonly #dead = new Set<FakeSocket | FakeStream>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get isUp(): boolean {
    return this.network === 'up'
  }

  set isUp(isUp: boolean) {
    this.network = isUp ? 'up' : 'down'
  }

  /** What the client has open. */
  get openLines(): number {
    const sockets = this.sockets.filter(({ readyState }) => readyState < 2)
    return sockets.length + this.streams.filter(({ isOpen }) => isOpen).length
  }

  get WebSocket(): typeof WebSocket {
    const { sockets } = this
    class BoundSocket extends FakeSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols)
        sockets.push(this)
      }
    }
    return BoundSocket as unknown as typeof WebSocket // the part of it that the connection uses
  }

  readonly fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    this.underWay++
    try {
      return await this.#travel(new URL(String(input)), init)
    } finally {
      this.underWay--
    }
  }

  async #travel({ pathname, search }: URL, init: RequestInit): Promise<Response> {
    const path = pathname.replace('/api', '')
    const method = init.method ?? 'GET'
    const query = new URLSearchParams(search)
    await settled()
    init.signal?.throwIfAborted()
    this.calls.push(`${method} ${path}${search}`)
    if (this.network === 'down') throw new TypeError('fetch failed')
    if (this.network === 'portal') return page('<h1>Welcome</h1>', 200)
    if (this.network === 'stalled') await aborted(init.signal)
    const odd = this.oddAnswers.shift()
    if (odd) return odd
    const token = new Headers(init.headers).get('authorization')?.slice('Bearer '.length) ?? null
    if (path === '/visitors') return Response.json({ token: 'visitor-token' }, { status: 201 })
    if (path.endsWith('/events') && this.streamsAre === 'blocked') return page('<h1>Bad gateway</h1>', 502)
    if (!this.#isWelcome(token)) return problem('unauthenticated')
    if (path === '/support_chat/events' && !this.chatExists) return problem('not_found')
    if (path.endsWith('/events')) return this.#stream(token, query, init.signal)
    const answer = this.#answer(`${method} ${path}`, query, init.body)
    answer.headers.set(EPOCH_HEADER, this.epoch)
    return answer
  }

  /** An admin writes; who follows hears of it when frames are delivered. */
  reply(content: string): SupportMessage {
    return this.#append({ content, client_id: null }, 'admin')
  }

  /** The user writes from elsewhere. */
  note(content: string, clientId: string | null = null): SupportMessage {
    return this.#append({ content, client_id: clientId }, 'user')
  }

  /** A backup is put back that was made at `last`: who is connected is cut off. */
  restore(last: number): void {
    this.cut()
    this.log.length = last
    this.userReadSeq = Math.min(this.userReadSeq, last)
    this.epoch = `${this.epoch}, restored`
  }

  view(through: number): void {
    this.adminViewedSeq = through
    this.#tell(() => ({ type: 'messages_viewed', through }))
  }

  read(through: number): void {
    if (through <= this.userReadSeq) return
    const read_at = this.#time()
    this.userReadSeq = through
    for (const message of this.log) {
      if (message.sender_type === 'admin' && message.seq <= through) message.read_at ??= read_at
    }
    this.#tell(() => ({ type: 'messages_read', through, read_at }))
  }

  /** Lets sockets open and frames travel, both ways, until nothing moves. */
  async flush(): Promise<void> {
    for (let isMoving = true; isMoving; ) {
      await settled()
      isMoving = false
      for (const socket of this.sockets) {
        if (socket.readyState > 1 || this.#dead.has(socket)) continue
        if (socket.readyState === 0) this.#admit(socket)
        for (const frame of socket.fromClient.splice(0)) this.#obey(socket, JSON.parse(frame) as Frame)
        if (socket.toClient.length > 0) isMoving = true
        socket.deliverAll()
      }
      for (const stream of this.streams) {
        if (!this.#dead.has(stream) && stream.deliverAll()) isMoving = true
      }
    }
  }

  ping(): void {
    for (const socket of this.sockets) socket.push({ type: 'ping', message: 0 })
    for (const stream of this.streams) stream.beat()
  }

  /** Every line is cut; what was on its way is lost. */
  cut(): void {
    this.#followers.clear()
    for (const socket of this.sockets) socket.cut()
    for (const stream of this.streams) stream.cut()
  }

  /** Nothing comes through any more, and nobody is told. */
  stall(): void {
    this.network = 'stalled'
    this.#followers.clear()
    for (const line of [...this.sockets, ...this.streams]) this.#dead.add(line)
  }

  /** A token is over: whoever came with it is let go. */
  expire(token: string): void {
    this.acceptedTokens?.delete(token)
    for (const socket of this.sockets) {
      if (socket.token === token) {
        socket.push({ type: 'disconnect', reason: 'unauthorized', reconnect: false })
      }
    }
    for (const stream of this.streams) if (stream.token === token) stream.end()
  }

  #isWelcome(token: string | null): boolean {
    return this.acceptedTokens === null || this.acceptedTokens.has(token)
  }

  #admit(socket: FakeSocket): void {
    if (this.network === 'stalled') this.#dead.add(socket)
    if (this.network === 'stalled' || (this.isUp && this.socketsAre === 'hanging')) return
    if (!this.isUp || this.socketsAre === 'blocked') {
      socket.cut()
      return
    }
    socket.readyState = 1
    if (this.#isWelcome(socket.token)) {
      socket.push({ type: 'welcome' })
    } else {
      socket.push({ type: 'disconnect', reason: 'unauthorized', reconnect: false })
    }
  }

  #obey(socket: FakeSocket, frame: Frame): void {
    const { identifier = '' } = frame
    const follower = this.#followers.get(socket)
    if (frame.command === 'subscribe' && !follower) {
      const tell = (message: object) => socket.push({ identifier, message })
      const side = socket.token === ADMIN_TOKEN ? 'admin' : 'user'
      this.#followers.set(socket, { side, sentSeq: this.log.length, tell })
      socket.push({ type: 'confirm_subscription', identifier })
    }
    if (frame.command === 'unsubscribe') this.#followers.delete(socket)
    if (frame.command === 'message' && follower) {
      this.#perform(follower, JSON.parse(frame.data ?? '{}') as Record<string, unknown>)
    }
  }

  #stream(token: string | null, query: URLSearchParams, signal: AbortSignal | null | undefined): Response {
    const stream = new FakeStream(
      token,
      this.streamsAre === 'buffered',
      signal ?? new AbortController().signal,
    )
    const sentSeq = Math.min(Number(query.get('after') ?? this.log.length), this.log.length)
    const follower: Follower = { side: 'user', sentSeq, tell: (event) => stream.push(event) }
    this.streams.push(stream)
    this.#followers.set(stream, follower)
    this.#catchUp(follower)
    return stream.response
  }

  #perform(follower: Follower, data: Record<string, unknown>): void {
    if (data.action === 'send_message') {
      const error = this.refusals.shift()
      const client_id = String(data.client_id)
      this.attempts.push(client_id)
      if (error) follower.tell({ type: 'message_rejected', client_id, error })
      else this.#append({ content: String(data.content), client_id }, follower.side)
    }
    if (data.action === 'mark_read' && !this.losesMarks && this.#isPresent(data))
      this.read(Number(data.through))
    if (data.action === 'look') this.isLookedAt = data.visible === true
    if (data.action === 'sync') {
      follower.sentSeq = Number(data.after)
      this.#catchUp(follower)
    }
  }

  #append(
    draft: { content: string; client_id: string | null },
    sender_type: 'user' | 'admin',
  ): SupportMessage {
    const first = this.log.find(
      (message) =>
        draft.client_id && message.sender_type === sender_type && message.client_id === draft.client_id,
    )
    if (first) return first
    const seq = this.log.length + 1
    const message: SupportMessage = {
      ...{
        id: `message-${seq}`,
        seq,
        ...draft,
        sender_type,
        sender_name: sender_type === 'admin' ? 'Sam' : 'Alice',
      },
      ...{ read_at: null, created_at: this.#time() },
    }
    this.log.push(message)
    this.chatExists = true
    for (const follower of this.#followers.values()) this.#catchUp(follower)
    return message
  }

  #catchUp(follower: Follower): void {
    for (const message of this.log.slice(follower.sentSeq)) {
      follower.tell({ type: 'new_message', message: { ...message } })
    }
    follower.sentSeq = this.log.length
  }

  /** A mark of another state of the log says nothing of this one. */
  #isPresent({ epoch }: { epoch?: unknown }): boolean {
    return epoch === undefined || epoch === this.epoch
  }

  #tell(event: () => object): void {
    for (const follower of this.#followers.values()) follower.tell(event())
  }

  #answer(call: string, query: URLSearchParams, body: unknown): Response {
    const admin = call.replace('/admin/chats/chat-1', '/support_chat')
    switch (admin) {
      case 'GET /support_chat/summary':
        return Response.json({ exists: this.chatExists, unread_count: this.#unreadCount })
      case 'GET /support_chat':
        return this.#head(admin !== call)
      case 'GET /support_chat/messages':
        return Response.json(this.#page(query))
      case 'POST /support_chat/messages':
        return this.#post(
          JSON.parse(String(body)) as { content: string; client_id: string },
          admin === call ? 'user' : 'admin',
        )
      case 'PATCH /support_chat/mark_read':
        return this.#mark(body, (through) => this.read(through))
      case 'POST /support_chat/viewed':
        return this.#mark(body, (through) => this.view(through))
      case 'PATCH /support_chat/contact':
        return this.#contact(JSON.parse(String(body)) as { email: string })
      case 'POST /support_chat/claim':
        return new Response(null, { status: 204 })
    }
    return problem('not_found')
  }

  #post({ content, client_id }: { content: string; client_id: string }, side: SenderType): Response {
    this.attempts.push(client_id)
    const refusal = this.refusals.shift()
    if (refusal) return problem(refusal.code, refusal)
    return Response.json({ ...this.#append({ content, client_id }, side) }, { status: 201 })
  }

  #mark(body: unknown, store: (through: number) => void): Response {
    const mark = JSON.parse(String(body)) as { through: number; epoch?: string }
    if (!this.#isPresent(mark)) return problem('conflict')
    store(mark.through)
    return new Response(null, { status: 204 })
  }

  #contact({ email }: { email: string }): Response {
    const refusal = this.refusals.shift()
    if (refusal) return problem(refusal.code, refusal)
    this.email = email
    return new Response(null, { status: 204 })
  }

  #head(isAdmin: boolean): Response {
    this.chatExists = true
    if (isAdmin) this.adminViewedSeq = this.log.length
    return Response.json({
      id: 'chat-1',
      messages: this.log.slice(-50),
      has_more: this.log.length > 50,
      unread_count: this.#unreadCount,
      contact_needed: this.email === null,
    })
  }

  #page(query: URLSearchParams): SupportMessage[] {
    const before = query.get('before')
    if (before !== null) return this.log.slice(0, Number(before) - 1).slice(-50)
    return this.log.slice(Number(query.get('after'))).slice(0, Number(query.get('limit') ?? 50))
  }

  get #unreadCount(): number {
    return this.log.filter(({ sender_type, seq }) => sender_type === 'admin' && seq > this.userReadSeq).length
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString().replace('Z', '000Z')
  }
}

function problem(code: ErrorCode, fields: object = {}): Response {
  const { status } = ERROR_CODES[code]
  const headers = { 'content-type': 'application/problem+json' }
  const body = { type: 'about:blank', title: code, status, code, detail: code, ...fields }
  return new Response(JSON.stringify(body), { status, headers })
}

/** What is not the desk's. */
function page(html: string, status: number): Response {
  return new Response(html, { status, headers: { 'content-type': 'text/html' } })
}

/** Never resolves. */
function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
}
