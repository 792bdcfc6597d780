import { type Kysely, sql } from 'kysely'
import type { DialectTraits } from './dialect.ts'
import type { Database } from './schema.ts'

/** How often the clocks are compared. */
const COMPARE_MS = 10_000
/** An answer so soon tells the time well enough. */
const QUICK_MS = 500

/**
 * The clock of the database, read on this machine: what several desks write is in one order only if they have one clock.
 * The embedded database has that of its machine.
 */
export class DatabaseClock {
  readonly #db: Kysely<Database>
  readonly #reading: DialectTraits['clock']
  /** Milliseconds since 1970 at the origin of the machine's steady clock; undefined before they were compared. */
  #origin: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(db: Kysely<Database>, { clock }: DialectTraits) {
    this.#db = db
    this.#reading = clock
  }

  now(): number {
    return this.#origin === undefined ? Date.now() : Math.floor(this.#origin + performance.now())
  }

  /** Compares the clocks now, and from now on. Throws when the database cannot be reached. */
  async start(): Promise<void> {
    if (this.#reading === null) return
    await this.#compare()
    this.#timer = setInterval(() => void this.#compare().catch(() => {}), COMPARE_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #compare(): Promise<void> {
    const asked = performance.now()
    const { rows } = await sql<{ ms: string | number }>`select ${this.#reading} as ms`.execute(this.#db)
    const answered = performance.now()
    const ms = Number(rows[0]?.ms)
    // It was read between the question and the answer: half-way, unless one of the ways took long.
    if (this.#origin === undefined || answered - asked <= QUICK_MS) this.#origin = ms - (asked + answered) / 2
    else this.#origin = Math.min(Math.max(this.#origin, ms - answered), ms - asked)
  }
}
