import type { Clock } from '../engine.ts'
import { PING_FRAME, textFrame } from './frame.ts'
import type { CableSocket } from './socket.ts'

/** Action Cable's clients give up after 6 s without a ping. */
const PERIOD_MS = 3_000
const BUCKETS = 30
/** Every so many periods the peer has to answer a WebSocket ping, or it is gone. */
const PERIODS_TO_ANSWER = 10

/** Pings every socket each 3 s, a bucket at a time, so that many sockets make no bursts. */
export class Heartbeat {
  readonly #clock: Clock
  readonly #buckets = Array.from({ length: BUCKETS }, () => new Set<CableSocket>())
  readonly #timer: NodeJS.Timeout
  #tick = 0
  #next = 0

  constructor(clock: Clock) {
    this.#clock = clock
    this.#timer = setInterval(() => this.#beat(), PERIOD_MS / BUCKETS)
    this.#timer.unref()
  }

  /** Looks after a socket until it closes. */
  add(socket: CableSocket): void {
    const bucket = this.#buckets[this.#next++ % BUCKETS]
    bucket?.add(socket)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    const tick = this.#tick++
    const bucket = this.#buckets[tick % BUCKETS]
    if (bucket === undefined || bucket.size === 0) return
    const now = this.#clock.now()
    const ping = textFrame(`{"type":"ping","message":${Math.floor(now / 1000)}}`)
    const mustAnswer = Math.floor(tick / BUCKETS) % PERIODS_TO_ANSWER === 0
    for (const socket of bucket) {
      if (socket.readyState === socket.CLOSED) bucket.delete(socket)
      else this.#visit(socket, ping, mustAnswer, now)
    }
  }

  #visit(socket: CableSocket, ping: Buffer, mustAnswer: boolean, now: number): void {
    const { expiresAt } = socket.caller
    if (expiresAt !== null && expiresAt <= now) return socket.end('token_expired')
    if (mustAnswer) {
      if (!socket.isAlive) return socket.terminate()
      socket.isAlive = false
      socket.write(PING_FRAME)
    }
    if (socket.conversation.beats) socket.write(ping)
  }
}
