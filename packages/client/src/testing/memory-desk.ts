import { ERROR_CODES, type ErrorCode, type SupportMessage } from '@deskbell/protocol'
import type { Clock } from '../clock.ts'
import { settled } from './fake-clock.ts'
import { FakeSocket } from './fake-socket.ts'

interface Frame {
  command?: string
  identifier?: string
  data?: string
}

/** One chat of a desk in memory. Nothing travels over its cable until a test says so. */
export class MemoryDesk {
  readonly log: SupportMessage[] = []
  readonly sockets: FakeSocket[] = []
  readonly calls: string[] = []
  /** Whether anything can be reached. */
  isUp = true
  /** Whether sockets can be had; calls may work all the same. */
  takesSockets = true
  chatExists = true
  /** Where its user can be reached; null for a visitor who has not said. */
  email: string | null = 'alice@example.com'
  /** The tokens that are accepted; null: everyone is. */
  acceptedTokens: Set<string | null> | null = null
  userReadSeq = 0
  adminViewedSeq = 0
  /** Answers the next sends with this. */
  refusals: { code: ErrorCode; message: string; retry_after?: number }[] = []
  /** What a call is answered with instead, once. */
  oddAnswers: Response[] = []
  readonly #clock: Clock
  readonly #subscribers = new Map<FakeSocket, { identifier: string; sentSeq: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
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
    const { pathname, search } = new URL(String(input))
    const path = pathname.replace('/api', '')
    await settled()
    init.signal?.throwIfAborted()
    this.calls.push(`${init.method} ${path}${search}`)
    if (!this.isUp) throw new TypeError('fetch failed')
    const odd = this.oddAnswers.shift()
    if (odd) return odd
    const token = new Headers(init.headers).get('authorization')?.slice('Bearer '.length) ?? null
    if (path === '/visitors') return Response.json({ token: 'visitor-token' }, { status: 201 })
    if (!this.#isWelcome(token)) return problem('unauthenticated')
    return this.#answer(`${init.method} ${path}`, new URLSearchParams(search), init.body)
  }

  /** An admin writes; who follows hears of it when frames are delivered. */
  reply(content: string): SupportMessage {
    return this.#append({ content, client_id: null }, 'admin')
  }

  /** The user writes from elsewhere. */
  note(content: string, clientId: string | null = null): SupportMessage {
    return this.#append({ content, client_id: clientId }, 'user')
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
        if (socket.readyState > 1) continue
        if (socket.readyState === 0) this.#admit(socket)
        for (const frame of socket.fromClient.splice(0)) this.#obey(socket, JSON.parse(frame) as Frame)
        if (socket.toClient.length > 0) isMoving = true
        socket.deliverAll()
      }
    }
  }

  ping(): void {
    for (const socket of this.sockets) socket.push({ type: 'ping', message: 0 })
  }

  /** Every line is cut; what was on its way is lost. */
  cut(): void {
    for (const socket of this.sockets) {
      this.#subscribers.delete(socket)
      socket.cut()
    }
  }

  #isWelcome(token: string | null): boolean {
    return this.acceptedTokens === null || this.acceptedTokens.has(token)
  }

  #admit(socket: FakeSocket): void {
    if (!this.isUp || !this.takesSockets) {
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
    const subscriber = this.#subscribers.get(socket)
    if (frame.command === 'subscribe' && !subscriber) {
      this.#subscribers.set(socket, { identifier, sentSeq: this.log.length })
      socket.push({ type: 'confirm_subscription', identifier })
    }
    if (frame.command === 'unsubscribe') this.#subscribers.delete(socket)
    if (frame.command === 'message' && subscriber) {
      this.#perform(socket, subscriber, JSON.parse(frame.data ?? '{}') as Record<string, unknown>)
    }
  }

  #perform(
    socket: FakeSocket,
    subscriber: { identifier: string; sentSeq: number },
    data: Record<string, unknown>,
  ): void {
    if (data.action === 'send_message') {
      const error = this.refusals.shift()
      const { identifier } = subscriber
      const client_id = String(data.client_id)
      if (error) socket.push({ identifier, message: { type: 'message_rejected', client_id, error } })
      else this.#append({ content: String(data.content), client_id }, 'user')
    }
    if (data.action === 'mark_read') this.read(Number(data.through))
    if (data.action === 'sync') {
      subscriber.sentSeq = Number(data.after)
      this.#catchUp(socket, subscriber)
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
    for (const [socket, subscriber] of this.#subscribers) this.#catchUp(socket, subscriber)
    return message
  }

  #catchUp(socket: FakeSocket, subscriber: { identifier: string; sentSeq: number }): void {
    const { identifier } = subscriber
    for (const message of this.log.slice(subscriber.sentSeq)) {
      socket.push({ identifier, message: { type: 'new_message', message: { ...message } } })
    }
    subscriber.sentSeq = this.log.length
  }

  #tell(event: () => object): void {
    for (const [socket, { identifier }] of this.#subscribers) socket.push({ identifier, message: event() })
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
        return this.#post(JSON.parse(String(body)) as { content: string; client_id: string })
      case 'PATCH /support_chat/mark_read':
        this.read((JSON.parse(String(body)) as { through: number }).through)
        return Response.json({})
      case 'POST /support_chat/viewed':
        this.view((JSON.parse(String(body)) as { through: number }).through)
        return new Response(null, { status: 204 })
      case 'PATCH /support_chat/contact':
        return this.#contact(JSON.parse(String(body)) as { email: string })
      case 'POST /support_chat/claim':
        return new Response(null, { status: 204 })
    }
    return problem('not_found')
  }

  #post({ content, client_id }: { content: string; client_id: string }): Response {
    const refusal = this.refusals.shift()
    if (refusal) return problem(refusal.code, refusal)
    return Response.json({ ...this.#append({ content, client_id }, 'user') }, { status: 201 })
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
    return this.log.slice(Number(query.get('after'))).slice(0, 50)
  }

  get #unreadCount(): number {
    return this.log.filter(({ sender_type, seq }) => sender_type === 'admin' && seq > this.userReadSeq).length
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString().replace('Z', '000Z')
  }
}

function problem(code: ErrorCode, fields: object = {}): Response {
  const { status, title } = ERROR_CODES[code]
  const headers = { 'content-type': 'application/problem+json' }
  const body = { type: 'about:blank', title, status, code, detail: title, ...fields }
  return new Response(JSON.stringify(body), { status, headers })
}
