import pino from 'pino'
import type { Clock, DeskEvent, Engine, Meter } from '../engine.ts'
import type { Caller } from '../identity/caller.ts'
import { idMaker } from '../store/id.ts'
import { migrate } from '../store/migrations.ts'
import { openStore, type Store } from '../store/store.ts'
import { deskDatabase } from './databases.ts'

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  ms = Date.parse('2026-01-29T10:00:00Z')
  now(): number {
    return this.ms
  }
  advance(ms: number): void {
    this.ms += ms
  }
}

export interface TestEngine extends Engine, AsyncDisposable {
  /** For another store on the same database. */
  readonly url: string
  readonly clock: FakeClock
  /** Everything that was published, oldest first. */
  readonly events: DeskEvent[]
}

export const silentMeter: Meter = {
  connections() {},
  committed() {},
  delivered() {},
  hints() {},
  watch() {},
}

/** The rules of a desk on a real, empty database. */
export async function testEngine(): Promise<TestEngine> {
  const database = await deskDatabase()
  const { url } = database
  const store: Store = openStore(database.at)
  await migrate(store)
  return {
    ...engineOn(store),
    url,
    async [Symbol.asyncDispose]() {
      await store.close()
      await database[Symbol.asyncDispose]()
    },
  }
}

/** The rules of a desk on a store. */
export function engineOn(store: Store): Omit<TestEngine, 'url' | typeof Symbol.asyncDispose> {
  const events: DeskEvent[] = []
  return {
    store,
    events,
    clock: new FakeClock(),
    newId: idMaker(),
    publish: (more) => void events.push(...more),
    meter: silentMeter,
    log: pino({ level: 'silent' }),
    hasOtherDesks: false,
    notifyAfterMs: null,
  }
}

/** A signed-in user of the host app. */
export function user(id: string): Caller {
  const name = id.charAt(0).toUpperCase() + id.slice(1)
  const email = `${id}@example.com`
  const locales = { locale: null, acceptedLocale: null }
  return { role: 'user', id, email, name, ...locales, traits: null, expiresAt: null, session: null }
}
