import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import type { Core } from '../core.ts'
import type { Connection, EndReason } from '../delivery/connections.ts'
import type { Sink } from '../delivery/subscription.ts'
import type { Caller } from '../identity/caller.ts'

/** Bytes that may wait for a slow reader before its connection is closed: it will come back and resync. */
const MAX_BUFFERED = 1024 * 1024
/** Bytes that may wait while a gap is read, before the next page is. */
const MAX_READ_AHEAD = 256 * 1024
/** How long a client that was told to go may take to answer. */
const CLOSE_MS = 1_000

/** What is spoken over a socket: Action Cable, or plain events. */
export interface Conversation {
  readonly kind: 'cable' | 'plain'
  receive(text: string): void
  /** What to write before the socket is closed, if anything. */
  farewell(reason: EndReason): Buffer | null
  /** Whether the protocol has pings of its own. */
  readonly beats: boolean
  close(): void
}

/** One WebSocket of one caller. Frames are written to the TCP socket ready-made. */
export class CableSocket extends WebSocket implements Connection, Sink {
  // Set by `adopt` right after the handshake: the WebSocket server constructs the object itself.
  caller!: Caller
  core!: Core
  conversation!: Conversation
  socket!: Socket
  /** False from a ping until the answer to it. */
  isAlive = true

  /** Takes the socket into the desk. */
  adopt(core: Core, caller: Caller, socket: Socket, conversation: Conversation): void {
    this.core = core
    this.caller = caller
    this.socket = socket
    this.conversation = conversation
    this.on('message', onMessage)
    this.on('pong', onPong)
    this.on('close', onClose)
    this.on('error', onError)
    core.connections.add(this)
    core.meter.connections(conversation.kind, 1)
  }

  get isOpen(): boolean {
    return this.readyState === WebSocket.OPEN
  }

  write(frame: Buffer): void {
    if (this.readyState !== WebSocket.OPEN) return
    this.socket.write(frame)
    if (this.socket.writableLength > MAX_BUFFERED) {
      this.core.log.debug({ caller: this.caller.id }, 'closed a socket that reads too slowly')
      this.terminate()
    }
  }

  async ready(): Promise<void> {
    if (this.socket.writableLength < MAX_READ_AHEAD || !this.isOpen) return
    await new Promise<void>((resolve) => {
      const done = () => {
        this.socket.off('drain', done)
        this.off('close', done)
        resolve()
      }
      this.socket.on('drain', done)
      this.on('close', done)
    })
  }

  end(reason: EndReason): void {
    if (!this.isOpen) return
    const farewell = this.conversation.farewell(reason)
    if (farewell !== null) this.write(farewell)
    this.close(reason === 'server_restart' ? 1012 : 1008, reason)
    setTimeout(() => this.terminate(), CLOSE_MS).unref()
  }
}

// Shared by all sockets, so that an idle one holds no closures of its own.
function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  const { conversation, isOpen } = this as CableSocket
  // Whoever was told to go is not listened to, however long they take to hang up.
  if (!isBinary && isOpen) conversation.receive(data.toString())
}

function onPong(this: WebSocket): void {
  const socket = this as CableSocket
  socket.isAlive = true
}

function onError(this: WebSocket, error: Error): void {
  const { core } = this as CableSocket
  core.log.debug({ err: error.message }, 'a socket failed')
}

function onClose(this: WebSocket): void {
  const { core, conversation } = this as CableSocket
  core.connections.delete(this as CableSocket)
  core.meter.connections(conversation.kind, -1)
  conversation.close()
}
