import type { SenderType } from '@deskbell/protocol'

/** A message that somebody wanted stored, and what they know of that. */
export interface Operation {
  /** Which client: `alice/1` is the first tab of alice. */
  client: string
  chatId: string
  side: SenderType
  clientId: string
  content: string
  invokedAtMs: number
  /** `unknown` until there is an answer; `failed` is for good. */
  outcome: 'unknown' | 'ok' | 'failed'
  answeredAtMs: number | null
  /** The seq that it was shown as sent with. */
  seq: number | null
}

/** A message as a client showed it, noted when it first did. */
export interface Sighting {
  client: string
  chatId: string
  seq: number
  clientId: string | null
  content: string
  atMs: number
}

/** Somebody has seen a chat up to here: the user has read it, or an admin viewed it. */
export interface Seen {
  client: string
  chatId: string
  side: SenderType
  through: number
  /** The page went afterwards, and what it had not yet told the desk went with it. */
  isForgotten: boolean
  atMs: number
}

/** How far a chat was, as the database said at some moment. */
export interface Mark {
  chatId: string
  lastSeq: number
  userReadSeq: number
  adminViewedSeq: number
  atMs: number
}

/** A message that was shown as sent, and whether the database had it when it was asked right afterwards. */
export interface SentLook {
  client: string
  clientId: string
  shownAtMs: number
  lookedAtMs: number
  isStored: boolean
}

/** What a desk's process held at some moment. */
export interface Load {
  desk: string
  rssBytes: number
  /** By the queue's name, how much waits in it. */
  queues: Record<string, number>
  atMs: number
}

/** A fault, or the end of one. */
export interface Incident {
  what: string
  atMs: number
}

/** Everything that was done, seen and measured while things broke; times are of this process. */
export class History {
  readonly operations: Operation[] = []
  readonly sightings: Sighting[] = []
  readonly seen: Seen[] = []
  readonly marks: Mark[] = []
  readonly sentLooks: SentLook[] = []
  readonly loads: Load[] = []
  readonly incidents: Incident[] = []
  /** What reached somebody whom it does not concern. */
  readonly overheard: unknown[] = []
  readonly #open = new Map<string, Operation>()
  readonly #sighted = new Set<string>()

  invoke(operation: Pick<Operation, 'client' | 'chatId' | 'side' | 'clientId' | 'content'>): void {
    const invokedAtMs = performance.now()
    const noted: Operation = { ...operation, invokedAtMs, outcome: 'unknown', answeredAtMs: null, seq: null }
    this.operations.push(noted)
    this.#open.set(operation.clientId, noted)
  }

  /** Its sender was told what became of a message; returns whether that was news. */
  answer(clientId: string, outcome: 'ok' | 'failed', seq: number | null): boolean {
    const operation = this.#open.get(clientId)
    if (operation === undefined) return false
    this.#open.delete(clientId)
    Object.assign(operation, { outcome, seq, answeredAtMs: performance.now() })
    return true
  }

  sight(sighting: Omit<Sighting, 'atMs'>): void {
    const key = `${sighting.client} ${sighting.seq} ${sighting.clientId}`
    if (this.#sighted.has(key)) return
    this.#sighted.add(key)
    this.sightings.push({ ...sighting, atMs: performance.now() })
  }

  see(seen: Omit<Seen, 'atMs' | 'isForgotten'>): void {
    this.seen.push({ ...seen, isForgotten: false, atMs: performance.now() })
  }

  /** A page is gone. */
  forget(client: string): void {
    for (const one of this.seen) if (one.client === client) one.isForgotten = true
  }

  note(what: string): void {
    this.incidents.push({ what, atMs: performance.now() })
  }

  /** Messages of which nobody knows yet what became of them. */
  get unanswered(): number {
    return this.#open.size
  }
}
