import { Client, type Faults, noFaults, type Observer } from './client.ts'
import { DIALECTS, type DialectName, type Part } from './dialects.ts'

/** Messages are as long as a customer's short question. */
const CONTENT = 'Hello, my order of last week has not arrived yet. Can you look?'

/** Ports of one server's processes, which are taken in turns, by who connects. */
export interface FleetTarget {
  users: readonly number[]
  admins: readonly number[]
  dialect: DialectName
}

/** All the connections of one load process, and what they saw. */
export class Fleet implements Observer {
  readonly users: Client[] = []
  readonly admins: Client[] = []
  readonly faults: Faults = noFaults()
  #target: FleetTarget
  #dialed = 0
  #unconfirmed = 0
  #confirmedMs: number[] = []
  #allConfirmed: (() => void) | null = null
  onAcknowledged: (client: Client, dueMs: number) => void = () => {}
  onNotified: () => void = () => {}

  constructor(target: FleetTarget) {
    this.#target = target
  }

  /**
   * Connects and subscribes one client per part, `perSecond` of them or (0) all at once. Resolves when all are
   * confirmed, with the milliseconds from the start to each confirmation, ascending.
   */
  async connect(parts: Part[], perSecond: number, timeoutMs: number): Promise<number[]> {
    const startMs = performance.now()
    this.#confirmedMs = []
    const confirmed = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.#unconfirmed} of ${parts.length} connections were not confirmed`)),
        timeoutMs,
      )
      this.#unconfirmed = parts.length
      this.#allConfirmed = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    const dial = (count: number) => {
      for (const part of parts.splice(0, count)) this.#dial(part)
    }
    if (perSecond === 0) dial(parts.length)
    else {
      const step = Math.max(1, Math.round(perSecond / 100))
      const timer = setInterval(() => {
        dial(step)
        if (parts.length === 0) clearInterval(timer)
      }, 10)
    }
    await confirmed
    return this.#confirmedMs.map((at) => at - startMs)
  }

  /** Who connects from now on goes there. */
  aim(target: FleetTarget): void {
    this.#target = target
  }

  confirmed(): void {
    this.#confirmedMs.push(performance.now())
    if (--this.#unconfirmed === 0) this.#allConfirmed?.()
  }

  acknowledged(client: Client, dueMs: number): void {
    this.onAcknowledged(client, dueMs)
  }

  notified(): void {
    this.onNotified()
  }

  // A connection that fails while arriving comes back, as a real client's would; its fault stays counted.
  dropped(client: Client, reason: string): void {
    if (client.isConfirmed) return
    if (this.faults.dropped === 1) process.stderr.write(`bench: a connection failed: ${reason}\n`)
    const side = client.part.role === 'user' ? this.users : this.admins
    side.splice(side.indexOf(client), 1)
    setTimeout(() => this.#dial(client.part), 100)
  }

  close(): void {
    for (const client of [...this.users, ...this.admins]) client.close()
  }

  #dial(part: Part) {
    const { dialect, ...ports } = this.#target
    const own = part.role === 'user' ? ports.users : ports.admins
    const port = own[this.#dialed++ % own.length] ?? 0
    const client = new Client(port, DIALECTS[dialect], part, CONTENT, this.faults, this)
    if (part.role === 'user') this.users.push(client)
    else this.admins.push(client)
  }
}
