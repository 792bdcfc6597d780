import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bus, openStore } from 'deskbell'
import { type TestDesk, testDesk } from './test-desk.ts'

/** Two desks on one database, as behind a load balancer; `file` is where it lies. */
export interface TwinDesks extends AsyncDisposable {
  readonly desks: readonly [TestDesk, TestDesk]
  readonly file: string
}

/** Starts two desks that share a store and tell each other by a bus of which each gets an end. */
export async function twinDesks(end: () => Bus): Promise<TwinDesks> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-twins-'))
  const file = join(folder, 'desk.db')
  const store = openStore(`sqlite:${file}`)
  const one = await testDesk({ store, bus: end() })
  const other = await testDesk({ store, bus: end() })
  return {
    desks: [one, other],
    file,
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]()
      await other[Symbol.asyncDispose]()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
