import type { Traits } from '@deskbell/protocol'

/** Who a request or a socket speaks for. */
export interface Caller {
  role: 'visitor' | 'user' | 'admin'
  /** The host's id of the person; `visitor:<uuid>` for visitors. */
  id: string
  email: string | null
  name: string | null
  /** What the host tells of them beside that; null when it tells nothing. */
  traits: Traits | null
  /** The language the host says they want, as a BCP 47 tag. */
  locale: string | null
  /** The language their browser asks for. */
  acceptedLocale: string | null
  /** When this identity ends, in milliseconds since 1970; null when nothing limits it. */
  expiresAt: number | null
  /** The dashboard session it came from, so that signing out can end what hangs on it. */
  session: string | null
}

/** External ids of visitors begin so; no host may hand out such an id. */
export const VISITOR_ID_PREFIX = 'visitor:'
