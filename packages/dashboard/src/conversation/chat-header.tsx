import type { Status } from '@deskbell/client'
import { Link } from '@tanstack/react-router'
import { Icon } from '../icons.tsx'
import type { InboxRow } from '../inbox/rows.ts'
import { useArchiving } from '../inbox/use-archiving.ts'
import { useIsWide } from '../media.ts'
import { quietButton } from '../notice.tsx'
import { useWords } from '../words/words.ts'

/** Whose chat it is, whether it is live, and the way to put it aside. */
export function ChatHeader({ row, status }: { row: InboxRow | undefined; status: Status | null }) {
  const words = useWords()
  // On a phone the list, and the page's first heading with it, is out of sight.
  const Heading = useIsWide() ? 'h2' : 'h1'
  return (
    <header
      className={`flex min-h-14 items-center gap-3 border-b border-line px-5 pt-[env(safe-area-inset-top)] max-lg:px-2 ${row || status ? '' : 'lg:hidden'}`}
    >
      <Link
        to="/chats"
        search={true}
        className="pressable flex h-11 items-center gap-0.5 rounded-lg pe-2 font-medium text-accent hover:bg-hover lg:hidden"
      >
        <Icon name="back" className="size-5 rtl:-scale-x-100" />
        {words.chat.back}
      </Link>
      <div className="min-w-0 flex-1">
        {row && (
          <Heading className="flex min-w-0 items-baseline gap-2">
            <bdi className="truncate font-semibold">{row.email ?? row.name ?? words.list.visitor}</bdi>
            {row.email && row.name && (
              <bdi className="min-w-0 shrink-[3] truncate text-muted">{row.name}</bdi>
            )}
          </Heading>
        )}
        {status && <StatusLine status={status} />}
      </div>
      {row && <ArchiveButton row={row} />}
    </header>
  )
}

const DOTS = { online: 'bg-green-dot', connecting: 'bg-amber-dot', offline: 'bg-grey-dot' }

function StatusLine({ status }: { status: Status }) {
  const words = useWords().status
  const shown = status === 'polling' ? 'online' : status
  return (
    <p role="status" className="flex items-center gap-1.5 text-xs text-muted">
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${DOTS[shown]}`} />
      <span className="truncate">{words[shown]}</span>
    </p>
  )
}

function ArchiveButton({ row }: { row: InboxRow }) {
  const words = useWords().chat
  const { archive, restore } = useArchiving()
  return (
    <button
      type="button"
      className={`${quietButton} shrink-0`}
      onClick={() => (row.isArchived ? restore(row) : archive(row))}
    >
      {row.isArchived ? (
        <Icon name="restore" className="size-4.5" />
      ) : (
        <Icon name="archive" className="size-4.5" />
      )}
      {row.isArchived ? words.restore : words.archive}
    </button>
  )
}
