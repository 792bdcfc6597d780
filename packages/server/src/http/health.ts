import { DeskbellError } from '@deskbell/protocol'
import type { Core } from '../core.ts'
import type { Bus } from '../delivery/bus/bus.ts'
import type { Metrics } from './metrics.ts'
import { problemResponse } from './problem.ts'
import { json } from './route.ts'

/** Whoever asks whether the desk is ready does not wait longer. */
const PING_MS = 2_500

/** The process is there. */
export function alive(): Response {
  return json({ status: 'ok' }, 200)
}

/**
 * The database and the bus can be reached; the answer names what cannot. `?exclude=bus` is for load balancers, which would
 * take all desks out when the bus that they share is gone.
 */
export async function ready({ store, log }: Core, bus: Bus, excluded: readonly string[]): Promise<Response> {
  const [database, others] = await Promise.allSettled([
    withinTime(store.ping()),
    excluded.includes('bus') ? null : withinTime(bus.ping()),
  ])
  const failures = [
    ...(database.status === 'rejected' ? [{ part: 'database', err: database.reason }] : []),
    ...(others.status === 'rejected' ? [{ part: 'bus', err: others.reason }] : []),
  ]
  if (failures.length === 0) return json({ status: 'ok' }, 200)
  for (const failure of failures) log.warn(failure, 'not ready')
  const detail = `The ${failures.map(({ part }) => part).join(' and the ')} cannot be reached.`
  return problemResponse(new DeskbellError('unavailable', detail, { retryAfter: 5 }))
}

/** What the desk counts, as Prometheus reads it. */
export async function metricsText(metrics: Metrics): Promise<Response> {
  return new Response(await metrics.text(), { headers: { 'content-type': metrics.contentType } })
}

async function withinTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PING_MS} ms`)), PING_MS)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
