import { CABLE_SUBPROTOCOL } from '@deskbell/protocol'
import { WebSocket } from 'ws'
import { until } from './until.ts'

/** A frame of the cable, parsed; nothing is promised about it. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the desk sent.
export type Frame = any

/** A cable client without manners: it sends what it is told and keeps every frame it got. */
export class CableClient implements AsyncDisposable {
  readonly socket: WebSocket
  readonly frames: Frame[] = []
  closed: { code: number; reason: string } | null = null
  /** The HTTP status that an upgrade was refused with. */
  refusedWith: number | null = null

  constructor(url: string, options: { protocols?: string[]; headers?: Record<string, string> } = {}) {
    this.socket = new WebSocket(url, options.protocols ?? [CABLE_SUBPROTOCOL, 'actioncable-unsupported'], {
      headers: options.headers ?? {},
    })
    this.socket.on('message', (data) => this.frames.push(JSON.parse(String(data))))
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) }
    })
    this.socket.on('unexpected-response', (_, response) => {
      this.refusedWith = response.statusCode ?? 0
      response.resume()
    })
    this.socket.on('error', () => {})
  }

  /** Everything but the pings. */
  get talk(): Frame[] {
    return this.frames.filter((frame) => frame.type !== 'ping')
  }

  /** The events that arrived on a subscription, or all of them. */
  events(identifier?: string): Frame[] {
    return this.frames
      .filter((frame) => 'message' in frame && frame.type === undefined)
      .filter((frame) => identifier === undefined || frame.identifier === identifier)
      .map((frame) => frame.message)
  }

  async opened(): Promise<this> {
    await until('the desk says welcome', () => this.frames.some((frame) => frame.type === 'welcome'))
    return this
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  /** Subscribes and waits for the answer; returns the identifier. */
  async subscribe(params: Record<string, unknown>): Promise<string> {
    const identifier = JSON.stringify(params)
    this.send({ command: 'subscribe', identifier })
    const answer = await until('the subscription is answered', () =>
      this.frames.find((frame) => frame.identifier === identifier && /_subscription$/.test(frame.type ?? '')),
    )
    if (answer.type !== 'confirm_subscription') throw new Error('the subscription was rejected')
    return identifier
  }

  perform(identifier: string, action: string, data: Record<string, unknown> = {}): void {
    this.send({ command: 'message', identifier, data: JSON.stringify({ action, ...data }) })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return
    this.socket.terminate()
    await until('the socket is closed', () => this.socket.readyState === WebSocket.CLOSED)
  }
}
