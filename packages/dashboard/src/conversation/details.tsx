import type { SupportUser } from '@deskbell/protocol'
import type { InboxRow } from '../inbox/rows.ts'
import { useWords } from '../words/words.ts'
import { UserDetails } from './user-details.tsx'

/** The user's details beside the conversation, where there is room for them (from 1280 px). */
export function Details({ row, user }: { row: InboxRow; user: SupportUser | undefined }) {
  const { details } = useWords()
  return (
    <section
      aria-label={details.label}
      className="hidden w-72 shrink-0 overflow-y-auto border-s border-line bg-canvas p-6 xl:block"
    >
      <UserDetails row={row} user={user} />
    </section>
  )
}
