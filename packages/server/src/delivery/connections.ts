import { REVOCATIONS, type Revoked } from '../engine.ts'
import type { Caller } from '../identity/caller.ts'
import { type Notice, revocation } from '../store/notices.ts'
import type { Hub } from './hub.ts'
import { Subscription } from './subscription.ts'

/** Why a connection ends: its caller may not go on, its token is over, or the desk stops. */
export type EndReason = 'unauthorized' | 'token_expired' | 'server_restart'

/** A socket or an event stream that is open in somebody's name. */
export interface Connection {
  readonly caller: Caller
  end(reason: EndReason): void
}

/** Over how long the ends of all connections are spread. */
const DRAIN_MS = 4_000
const DRAIN_SLICES = 40
/** So few connections need no spreading. */
const SLICE_LEAST = 25

/** Everything that is open on this desk. */
export class Connections {
  readonly #hub: Hub
  readonly #newId: () => string
  readonly #keep: (notice: Notice) => void
  readonly #open = new Set<Connection>()
  #revocations = 0
  #isDraining = false

  /** `keep` makes sure that other desks hear of a revocation, also if the bus loses it. */
  constructor(hub: Hub, newId: () => string, keep: (notice: Notice) => void) {
    this.#hub = hub
    this.#newId = newId
    this.#keep = keep
    const sink = { isOpen: true, write: (frame: Buffer) => this.#revoked(frame), ready: async () => {} }
    hub.subscribe(
      REVOCATIONS,
      new Subscription(sink, { key: 'revocations', encode: (json) => Buffer.from(json) }, 'admin'),
    )
  }

  get size(): number {
    return this.#open.size
  }

  /** How often someone was revoked: if it grows while a caller is looked up, the answer may be an old one. */
  get revocations(): number {
    return this.#revocations
  }

  /** The dashboard sessions in which something is open. */
  sessions(): string[] {
    const sessions = new Set<string>()
    for (const { caller } of this.#open) if (caller.session !== null) sessions.add(caller.session)
    return [...sessions]
  }

  add(connection: Connection): void {
    this.#open.add(connection)
    // An upgrade may have been under way when the desk began to stop. It is still being set up: not in this turn.
    if (this.#isDraining) setImmediate(() => connection.end('server_restart'))
  }

  delete(connection: Connection): void {
    this.#open.delete(connection)
  }

  /** Ends the connections of a person or of a dashboard session, here and on every other desk. */
  revoke(whose: { id: string } | { session: string }): void {
    const notice = revocation(this.#newId(), whose)
    this.#hub.publish([notice])
    this.#keep(notice)
  }

  /** Has everyone come back and be looked up anew: someone may have been revoked unheard. */
  renew(): void {
    // Whoever is being looked up may have been, too.
    this.#revocations++
    void this.#endAll()
  }

  /** Ends everything, whatever still comes in as well. */
  async drain(): Promise<void> {
    this.#isDraining = true
    await this.#endAll()
  }

  /** Spread over a few seconds when there is much of it, so that not everyone comes back at once. */
  async #endAll(): Promise<void> {
    const all = [...this.#open]
    const size = Math.max(SLICE_LEAST, Math.ceil(all.length / DRAIN_SLICES))
    for (let from = 0; from < all.length; from += size) {
      for (const connection of all.slice(from, from + size)) connection.end('server_restart')
      if (from + size < all.length) {
        await new Promise((resolve) => setTimeout(resolve, DRAIN_MS / DRAIN_SLICES))
      }
    }
  }

  #revoked(frame: Buffer): void {
    this.#revocations++
    const { id, session } = JSON.parse(frame.toString()) as Revoked
    for (const connection of this.#open) {
      const { caller } = connection
      if ((id !== undefined && caller.id === id) || (session !== undefined && caller.session === session)) {
        connection.end('unauthorized')
      }
    }
  }
}
