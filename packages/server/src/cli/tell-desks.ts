import { Announcement } from '../delivery/announcement.ts'
import type { Bus } from '../delivery/bus/bus.ts'
import { openBus } from '../delivery/bus/open.ts'
import { deskId } from '../delivery/desk-id.ts'
import type { DeskEvent } from '../engine.ts'
import type { Store } from '../store/store.ts'

/** A bus that is there answers sooner. */
const LONGEST_WAIT_MS = 3_000
const RETRY_MS = 50

/** Tells the desks that run on a database what this process did. Tells whether they could be reached by their bus. */
export async function tellDesks(
  store: Store,
  busUrl: string,
  events: readonly DeskEvent[],
): Promise<boolean> {
  const bus = openBus(busUrl)
  if (bus === null) throw new Error('unreachable: a BUS_URL that names no bus is refused')
  await store.clock.start()
  try {
    await bus.open(await deskId(store))
    for (const until = performance.now() + LONGEST_WAIT_MS; !(await answers(bus)); ) {
      if (performance.now() > until) return false
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
    for (const event of events) bus.publish(Announcement.of(event, store.clock.now()))
    return true
  } finally {
    await bus.close()
  }
}

async function answers(bus: Bus): Promise<boolean> {
  return await bus.ping().then(
    () => true,
    () => false,
  )
}
