import type { Dialect, Heard, Part } from './dialects.ts'
import { messageTemplate } from './template.ts'
import { Wire } from './wire.ts'

/** What must stay at zero. */
export interface Faults {
  /** Sent, and not acknowledged when the measure had ended. */
  lost: number
  /** A number of the chat that had been delivered already. */
  doubled: number
  /** A number of the chat, or an acknowledgement, that came before its turn. */
  outOfOrder: number
  /** Refused messages and unknown answers. */
  refused: number
  /** Connections that ended by themselves. */
  dropped: number
}

export const noFaults = (): Faults => ({ lost: 0, doubled: 0, outOfOrder: 0, refused: 0, dropped: 0 })

/** What the load wants to know of a client while it runs. */
export interface Observer {
  confirmed(client: Client): void
  acknowledged(client: Client, dueMs: number): void
  notified(client: Client): void
  dropped(client: Client, reason: string): void
}

/** A user in their chat, or an admin on the admins' stream: one connection that checks what it is told. */
export class Client implements Heard {
  readonly part: Part
  readonly faults: Faults
  isConfirmed = false
  acknowledgedCount = 0
  readonly #observer: Observer
  readonly #wire: Wire
  readonly #frameOf: (attempt: number) => Buffer
  #attempt = 0
  #lastSeq = 0
  // Due times of what is in flight, oldest first; the head moves instead of shifting the array.
  #due: number[] = []
  #oldest = 0

  constructor(
    port: number,
    dialect: Dialect,
    part: Part,
    content: string,
    faults: Faults,
    observer: Observer,
  ) {
    this.part = part
    this.faults = faults
    this.#observer = observer
    const wire = new Wire(dialect.address(port, part), {
      opened() {},
      text: (frame) => dialect.hear(frame, part, this, (text) => wire.send(text)),
      closed: (reason) => {
        this.faults.dropped++
        this.#observer.dropped(this, reason)
      },
    })
    this.#wire = wire
    this.#frameOf =
      part.role === 'user'
        ? messageTemplate(dialect.messageText(part.chatId, content), wire.mask)
        : () => Buffer.alloc(0)
  }

  /** Sends the next message; its latency will count from `dueMs`. */
  send(dueMs: number): void {
    this.#due.push(dueMs)
    this.#wire.write(this.#frameOf(++this.#attempt))
  }

  get inFlight(): number {
    return this.#due.length - this.#oldest
  }

  /** The highest number of the chat that was delivered here. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  close(): void {
    this.faults.lost += this.inFlight
    this.#wire.close()
  }

  confirmed(): void {
    this.isConfirmed = true
    this.#observer.confirmed(this)
  }

  delivered(seq: number): void {
    if (seq === this.#lastSeq + 1) this.#lastSeq = seq
    else if (seq <= this.#lastSeq) this.faults.doubled++
    else {
      this.faults.outOfOrder++
      this.#lastSeq = seq
    }
  }

  acknowledged(attempt: number): void {
    const due = this.#due[this.#oldest]
    if (due === undefined || attempt !== this.#attempt - this.inFlight + 1) {
      this.faults.outOfOrder++
      return
    }
    this.#oldest++
    if (this.#oldest === this.#due.length) {
      this.#due = []
      this.#oldest = 0
    }
    this.acknowledgedCount++
    this.#observer.acknowledged(this, due)
  }

  notified(): void {
    this.#observer.notified(this)
  }

  refused(frame: string): void {
    if (this.faults.refused++ === 0)
      process.stderr.write(`bench: unexpected answer: ${frame.slice(0, 300)}\n`)
  }
}
