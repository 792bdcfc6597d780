import type { Logger } from 'pino'
import type { Connections } from '../delivery/connections.ts'
import type { Admins } from './admins.ts'

/** Half of the time in which the connections of a session that ended have to close. */
const LOOK_MS = 1_000

/**
 * Ends connections whose dashboard session is gone. The desk hears of what it ended itself; `deskbell admin deactivate`
 * works on the database alone. Returns what stops it.
 */
export function watchSessions(admins: Promise<Admins>, connections: Connections, log: Logger): () => void {
  let isLooking = false
  async function look(): Promise<void> {
    const open = connections.sessions()
    if (open.length === 0) return
    const live = new Set(await (await admins).liveSessions(open))
    for (const session of open) if (!live.has(session)) connections.revoke({ session })
  }
  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    look()
      .catch((error: unknown) => log.warn({ err: error }, 'sessions could not be looked up'))
      .finally(() => {
        isLooking = false
      })
  }, LOOK_MS).unref()
  return () => clearInterval(timer)
}
