import { parseObject } from './cable.ts'
import { Timer } from './clock.ts'
import type { Entry, Outbox, OutboxParts, UnsentMessage } from './outbox.ts'
import { attempt } from './storage.ts'
import { Turn } from './turn.ts'
import type { UnsentStorage } from './unsent-storage.ts'

// Where events arrive, what is stored shows long before.
const DOUBT_MS = 10_000

/** Keeps the outbox of one owner the same in all tabs of a browser, over a reload as well, and lets one tab at a time send. */
export class Sharing {
  readonly #outbox: Outbox
  readonly #parts: OutboxParts
  readonly #storage: UnsentStorage
  readonly #turn: Turn
  readonly #doubt: Timer
  #stopFollowing: (() => void) | undefined
  /** What other tabs can see. */
  readonly #kept = new Set<string>()
  /** What other tabs wrote, or an earlier visit. */
  readonly #foreign = new Set<string>()
  #isClosed = false

  constructor(storage: UnsentStorage, outbox: Outbox, parts: OutboxParts) {
    const { locks = globalThis.navigator?.locks } = parts
    this.#outbox = outbox
    this.#parts = parts
    this.#storage = storage
    this.#turn = new Turn({
      ...parts,
      ...storage,
      locks,
      begun: () => this.#follow(),
      lost: () => outbox.restart(),
    })
    this.#doubt = new Timer(parts.clock, () => this.#recover())
  }

  /** Takes in what the others wrote, and gives them what this tab has. */
  join(): void {
    const { storageSignals = windowStorage } = this.#parts
    const written = [...this.#outbox.entries]
    this.#follow()
    for (const entry of written) this.written(entry)
    this.#stopFollowing = storageSignals(() => this.#follow())
  }

  get isMine(): boolean {
    return this.#turn.isMine
  }

  begin(): void {
    this.#turn.begin()
  }

  end(): void {
    this.#turn.end()
  }

  /** Sorted by its time, it may not be as early as anything that was written before, whatever the clocks do. */
  written(entry: Entry): void {
    const others = this.#outbox.entries.filter((each) => each !== entry)
    const last = Math.max(...others.map(({ message }) => Date.parse(message.createdAt) || 0))
    if (Date.parse(entry.message.createdAt) <= last)
      entry.message = { ...entry.message, createdAt: new Date(last + 1).toISOString() }
    this.keep(entry.message)
    this.#sort()
  }

  keep(message: UnsentMessage): void {
    this.#storage.save(message)
    // A storage need not say that it is full.
    if (load(this.#storage).has(message.clientId)) this.#kept.add(message.clientId)
    else this.#kept.delete(message.clientId)
  }

  close(): void {
    this.#isClosed = true
    this.#stopFollowing?.()
    this.#doubt.stop()
    this.#turn.close()
  }

  /** Does as other tabs did. */
  #follow(): void {
    if (this.#isClosed) return this.#turn.close()
    const kept = load(this.#storage)
    for (const entry of this.#outbox.entries) {
      const { clientId, state } = entry.message
      const found = kept.get(clientId)
      kept.delete(clientId)
      if (found && found.state !== state) entry.message = found
      if (!found && this.#kept.has(clientId) && entry.storedAs === null) this.#miss(entry)
    }
    for (const message of kept.values()) this.#adopt(message)
    this.#sort()
    this.#outbox.changed()
  }

  /** Whoever removed it from the storage knows that the desk has it, and the log is about to show it. */
  #miss(entry: Entry): void {
    this.#outbox.settle(entry, entry.message.state === 'failed' ? 0 : Number.POSITIVE_INFINITY)
    this.#doubt.start(DOUBT_MS)
    this.#parts.wanted()
  }

  /** The log does not show it: perhaps the whole storage was emptied. Whoever wrote it makes sure. */
  #recover(): void {
    for (const entry of this.#outbox.entries) {
      const { clientId } = entry.message
      if (entry.storedAs !== Number.POSITIVE_INFINITY) continue
      entry.storedAs = this.#foreign.has(clientId) ? 0 : null
      this.#kept.delete(clientId)
    }
    this.#outbox.changed()
  }

  #adopt(message: UnsentMessage): void {
    const { clientId } = message
    if (this.#parts.isShown(clientId)) return this.#storage.remove(clientId)
    this.#kept.add(clientId)
    this.#foreign.add(clientId)
    this.#outbox.add(message)
  }

  #sort(): void {
    const orderOf = ({ message }: Entry) => message.createdAt + message.clientId
    this.#outbox.entries.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  }
}

/** By client_id. */
function load({ storage, prefix }: UnsentStorage): Map<string, UnsentMessage> {
  const found = new Map<string, UnsentMessage>()
  attempt(() => {
    for (let index = 0; index < storage.length; index++) {
      const key = storage.key(index)
      const kept = key?.startsWith(prefix) && parseObject(storage.getItem(key))
      // The owner `a` must not get what belongs to the owner `a:b`.
      if (kept && isUnsent(kept) && key === prefix + kept.clientId) found.set(kept.clientId, kept)
    }
  })
  return found
}

function isUnsent(kept: object): kept is UnsentMessage {
  const { content, createdAt, state } = kept as Record<string, unknown> // parse boundary
  return [content, createdAt, state].every((field) => typeof field === 'string')
}

function windowStorage(changed: () => void): () => void {
  globalThis.addEventListener?.('storage', changed)
  return () => globalThis.removeEventListener?.('storage', changed)
}
