import { type KyselyPlugin, sql } from 'kysely'
import { expect, test, vi } from 'vitest'
import { DatabaseClock } from './database-clock.ts'
import { POSTGRES } from './dialect.ts'
import { openStore } from './store.ts'

const HOUR_MS = 3_600_000
const COMPARE_MS = 10_000

/** How long a database takes until it reads its clock, and until its answer arrives. */
interface Way {
  thereMs: number
  backMs: number
}

const NEAR = { thereMs: 1, backMs: 1 }

/** A database and the clock that a desk has of it; time passes by hand. */
async function compared(first: Way) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  let steadyMs = 1_000
  const now = vi.spyOn(performance, 'now').mockImplementation(() => steadyMs)
  const store = openStore('sqlite::memory:')
  let aheadMs = Date.parse('2026-01-29T10:00:00Z')
  let way = first
  const answering: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    async transformResult() {
      steadyMs += way.thereMs
      const ms = steadyMs + aheadMs
      steadyMs += way.backMs
      return { rows: [{ ms }] }
    },
  }
  const clock = new DatabaseClock(store.db.withPlugin(answering), { ...POSTGRES, clock: sql`1` })
  await clock.start()
  return {
    errorMs: () => Math.abs(clock.now() - steadyMs - aheadMs),
    /** The clock of the database is set. */
    setBy: (ms: number) => {
      aheadMs += ms
    },
    compareAgain: async (next: Way) => {
      way = next
      steadyMs += COMPARE_MS
      await vi.advanceTimersByTimeAsync(COMPARE_MS)
    },
    async [Symbol.asyncDispose]() {
      clock.stop()
      now.mockRestore()
      vi.useRealTimers()
      await store.close()
    },
  }
}

test('an answer that is slow on one way only does not make the clock wrong', async () => {
  await using at = await compared(NEAR)
  for (const slow of [
    { thereMs: 4_000, backMs: 0 },
    { thereMs: 0, backMs: 4_000 },
  ]) {
    await at.compareAgain(slow)
    expect(at.errorMs()).toBeLessThanOrEqual(1)
  }
})

test('a slow first answer is made good by the next one that is quick', async () => {
  await using at = await compared({ thereMs: 3_000, backMs: 0 })
  expect(at.errorMs()).toBeGreaterThan(1_000)
  await at.compareAgain(NEAR)
  expect(at.errorMs()).toBeLessThanOrEqual(1)
})

test.each([HOUR_MS, -HOUR_MS])(
  'a database that always answers slowly and is set by %d ms is followed as far as is known',
  async (byMs) => {
    const far = { thereMs: 400, backMs: 400 }
    await using at = await compared(far)
    at.setBy(byMs)
    await at.compareAgain(far)
    expect(at.errorMs()).toBeLessThanOrEqual(400)
  },
)

test('a clock that drifts is followed', async () => {
  await using at = await compared(NEAR)
  for (let time = 0; time < 100; time++) {
    at.setBy(20)
    await at.compareAgain(NEAR)
    expect(at.errorMs()).toBeLessThanOrEqual(1)
  }
})
