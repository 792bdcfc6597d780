import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  CABLE_SUBPROTOCOL,
  DeskbellError,
  MAX_FRAME_BYTES,
  TOKEN_SUBPROTOCOL_PREFIX,
} from '@deskbell/protocol'
import { WebSocketServer } from 'ws'
import type { Core } from '../core.ts'
import type { Caller } from '../identity/caller.ts'
import { clientAddress } from '../identity/client-address.ts'
import { isAllowedOrigin } from '../identity/origin.ts'
import { ActionCable, disconnectFrame, WELCOME } from './action-cable.ts'
import { Heartbeat } from './heartbeat.ts'
import { PlainSocket } from './plain.ts'
import { CableSocket } from './socket.ts'

export interface UpgradeOptions {
  /** How many proxies before the desk tell the address in X-Forwarded-For. */
  trustProxy: number
}

/** Whom an upgrade turned out to come from, or why they may not speak. */
type Answer = { caller: Caller } | { refusal: 'unauthorized' | 'unavailable' }

/** Turns upgrade requests into sockets of the desk. */
export class Upgrades {
  readonly #core: Core
  readonly #ready: Promise<void>
  readonly #options: UpgradeOptions
  readonly #heartbeat: Heartbeat
  readonly #detach: (() => void)[] = []
  #isStopped = false
  readonly #server = new WebSocketServer({
    noServer: true,
    WebSocket: CableSocket,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    handleProtocols: chooseProtocol,
  })

  /** Nobody is let in before `ready` resolves. */
  constructor(core: Core, ready: Promise<void>, options: UpgradeOptions) {
    this.#core = core
    this.#ready = ready
    this.#options = options
    this.#heartbeat = new Heartbeat(core.clock)
    // The handshake itself can fail; without a listener that would be an uncaught error of the process.
    this.#server.on('wsClientError', (error, socket) => {
      core.log.debug({ err: error.message }, 'a handshake failed')
      refuse(socket, 400)
    })
  }

  /**
   * Answers `<prefix>/cable` and `<prefix>/ws/chat` for each prefix. Other paths are left to the host's own
   * handlers, or refused where the desk is the only one.
   */
  attach(server: Server, prefixes: readonly string[], others: 'leave' | 'refuse'): void {
    const cables = new Set(prefixes.map((prefix) => `${prefix}/cable`))
    const plains = new Set(prefixes.map((prefix) => `${prefix}/ws/chat`))
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const path = (request.url ?? '').split('?', 1)[0] ?? ''
      if (cables.has(path)) this.#take(request, socket as Socket, head, 'cable')
      else if (plains.has(path)) this.#take(request, socket as Socket, head, 'plain')
      else if (others === 'refuse') refuse(socket, 404)
    }
    server.on('upgrade', onUpgrade)
    this.#detach.push(() => server.off('upgrade', onUpgrade))
  }

  /** Takes no more upgrades; those under way are refused. */
  stop(): void {
    this.#isStopped = true
    for (const detach of this.#detach.splice(0)) detach()
    this.#heartbeat.stop()
  }

  #take(incoming: IncomingMessage, socket: Socket, head: Buffer, kind: 'cable' | 'plain'): void {
    // Until the handshake the socket is ours to look after.
    socket.on('error', ignoreError)
    this.#upgrade(incoming, socket, head, kind).catch((error: unknown) => {
      this.#core.log.error({ err: error }, 'an upgrade failed')
      socket.destroy()
    })
  }

  async #upgrade(
    incoming: IncomingMessage,
    socket: Socket,
    head: Buffer,
    kind: 'cable' | 'plain',
  ): Promise<void> {
    const request = toRequest(incoming)
    const origin = request.headers.get('origin')
    if (origin !== null && !isAllowedOrigin(origin, request, this.#core.identity.origins))
      return refuse(socket, 403)
    const address = clientAddress(request.headers, socket.remoteAddress ?? null, this.#options.trustProxy)
    const { connectionLimit } = this.#core
    if (connectionLimit.isFull(address)) return refuse(socket, 429)
    const giveBack = connectionLimit.take(address)
    // An idle socket holds no listener that has nothing to do.
    if (giveBack !== undefined) socket.once('close', giveBack)
    const answer = await this.#identify(request)
    if (socket.destroyed) return
    // What the desk did not know when it sent everyone away would stay open, and deaf.
    if (this.#isStopped) return refuse(socket, 503)
    this.#server.handleUpgrade(incoming, socket, head, (ws) => {
      socket.off('error', ignoreError)
      // Shared, like all that stays with a socket: a closure of this scope would keep the request alive.
      ws.on('error', ignoreError)
      if ('refusal' in answer) dismiss(ws, socket, kind, answer.refusal)
      else this.#welcome(ws, socket, answer.caller, kind, request)
    })
  }

  async #identify(request: Request): Promise<Answer> {
    const { connections, identity } = this.#core
    try {
      await this.#ready
      for (;;) {
        const { revocations } = connections
        const caller = await identity.identify(request)
        // Someone was revoked meanwhile. It may have been this one, whose socket could not be ended yet.
        if (revocations !== connections.revocations) continue
        return caller === null ? { refusal: 'unauthorized' } : { caller }
      }
    } catch (error) {
      const { code } = DeskbellError.from(error)
      return { refusal: code === 'unavailable' ? 'unavailable' : 'unauthorized' }
    }
  }

  #welcome(ws: CableSocket, socket: Socket, caller: Caller, kind: 'cable' | 'plain', request: Request): void {
    this.#core.log.debug({ caller: caller.id, kind }, 'connected')
    if (kind === 'cable') {
      ws.adopt(this.#core, caller, socket, new ActionCable(this.#core, ws))
      ws.write(WELCOME)
    } else {
      const conversation = new PlainSocket(this.#core, ws)
      ws.adopt(this.#core, caller, socket, conversation)
      const { searchParams } = new URL(request.url)
      void conversation.open(searchParams.get('chat_id') ?? searchParams.get('id') ?? '')
    }
    this.#heartbeat.add(ws)
  }
}

/** A handshake is finished even for those who may not speak: a bare 401 would make stock clients try for ever. */
function dismiss(
  ws: CableSocket,
  socket: Socket,
  kind: 'cable' | 'plain',
  refusal: 'unauthorized' | 'unavailable',
) {
  const isFinal = refusal === 'unauthorized'
  if (kind === 'cable') socket.write(disconnectFrame(isFinal ? 'unauthorized' : 'server_restart', !isFinal))
  ws.close(isFinal ? 1008 : 1013, refusal)
  setTimeout(() => ws.terminate(), 1_000).unref()
}

/** The cable's own protocol first; a client that only brings a token hears that back, or browsers would hang up. */
function chooseProtocol(offered: Set<string>): string | false {
  if (offered.has(CABLE_SUBPROTOCOL)) return CABLE_SUBPROTOCOL
  return [...offered].find((name) => name.startsWith(TOKEN_SUBPROTOCOL_PREFIX)) ?? false
}

function toRequest(incoming: IncomingMessage): Request {
  const headers = new Headers()
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    headers.append(incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '')
  }
  return new Request(`${originOf(incoming)}${incoming.url ?? '/'}`, { headers })
}

/** Only the origin: a Host header may also bring a path, or credentials, which no Request can have. */
function originOf({ headers }: IncomingMessage): string {
  const url = `http://${headers.host ?? ''}`
  return URL.canParse(url) ? new URL(url).origin : 'http://localhost'
}

function refuse(socket: Duplex, status: keyof typeof REASONS): void {
  // Whoever hangs up before the answer must not be an uncaught error of the process.
  socket.on('error', ignoreError)
  const retry = status === 429 || status === 503 ? 'Retry-After: 5\r\n' : ''
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  )
}

const REASONS = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
}

function ignoreError(): void {}
