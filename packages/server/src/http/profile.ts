import type { AdminProfile } from '@deskbell/protocol'
import type { Caller } from '../identity/caller.ts'

/** Who an admin is; those whom the host app vouches for have their name and password there. */
export function profileOf({ id, name, email, session }: Caller): AdminProfile {
  return { id, name, email, has_account: session !== null }
}
