import type { ConnectionLimit } from './delivery/connection-limit.ts'
import type { Connections } from './delivery/connections.ts'
import type { Hub } from './delivery/hub.ts'
import type { Looks } from './delivery/looks.ts'
import type { Engine } from './engine.ts'
import type { Identity } from './identity/identity.ts'
import type { MessageLog } from './messages/append.ts'

/** What the doors, `cable/` and `http/`, stand on. */
export interface Core extends Engine {
  readonly messages: MessageLog
  readonly hub: Hub
  readonly looks: Looks
  readonly connections: Connections
  readonly connectionLimit: ConnectionLimit
  readonly identity: Identity
  /** Names the state that the desk's database is a continuation of. */
  readonly epoch: () => string
}
