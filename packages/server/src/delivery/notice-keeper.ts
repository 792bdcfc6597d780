import type { Engine } from '../engine.ts'
import { keepNotices, type Notice } from '../store/notices.ts'
import { transaction } from '../store/transaction.ts'

const BATCH = 100
const RETRY_MS = 500

/**
 * Keeps notices that come with no transaction of their own. What the database cannot take now it is given again: the bus
 * may be away at the same moment, and then nothing else tells the other desks who was sent away.
 */
export class NoticeKeeper {
  readonly #engine: Engine
  readonly #waiting: Notice[] = []
  #isWorking = false
  #isStopped = false

  constructor(engine: Engine) {
    this.#engine = engine
  }

  keep(notice: Notice): void {
    if (!this.#engine.hasOtherDesks) return
    this.#waiting.push(notice)
    if (!this.#isWorking) void this.#work()
  }

  stop(): void {
    this.#isStopped = true
  }

  async #work(): Promise<void> {
    this.#isWorking = true
    let isFailing = false
    while (this.#waiting.length > 0 && !this.#isStopped) {
      const batch = this.#waiting.slice(0, BATCH)
      try {
        await transaction(this.#engine.store, (trx) => keepNotices(trx, this.#engine, batch))
        this.#waiting.splice(0, batch.length)
      } catch (error) {
        if (!isFailing)
          this.#engine.log.error({ err: error }, 'revocations cannot be kept for other desks yet')
        isFailing = true
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref())
      }
    }
    this.#isWorking = false
  }
}
