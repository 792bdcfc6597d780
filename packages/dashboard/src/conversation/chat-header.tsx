import type { Status } from '@deskbell/client'
import type { SupportUser } from '@deskbell/protocol'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Icon } from '../icons.tsx'
import type { InboxRow } from '../inbox/rows.ts'
import { useArchiving } from '../inbox/use-archiving.ts'
import { useIsWide } from '../media.ts'
import { quietButton } from '../notice.tsx'
import { useWords } from '../words/words.ts'

const DetailsDrawer = lazy(() =>
  import('./details-drawer.tsx').then(({ DetailsDrawer }) => ({ default: DetailsDrawer })),
)

interface ChatHeaderProps {
  row: InboxRow | undefined
  user: SupportUser | undefined
  status: Status | null
}

/** Whose chat it is, whether it is live, and the way to put it aside. */
export function ChatHeader({ row, user, status }: ChatHeaderProps) {
  const words = useWords()
  // On a phone the list, and the page's first heading with it, is out of sight.
  const Heading = useIsWide() ? 'h2' : 'h1'
  return (
    <header
      className={`flex min-h-14 items-center gap-3 max-sm:gap-1.5 border-b border-line px-5 pt-[env(safe-area-inset-top)] max-lg:px-2 ${row || status ? '' : 'lg:hidden'}`}
    >
      <Link
        to="/chats"
        search={(current) => ({ ...current, message: undefined })}
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
              <bdi className="min-w-0 shrink-[3] truncate text-muted max-sm:hidden">{row.name}</bdi>
            )}
          </Heading>
        )}
        {status && <StatusLine status={status} />}
      </div>
      {row && <DetailsButton row={row} user={user} />}
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

/** The way to the details, where there is no room for them beside the conversation. */
function DetailsButton({ row, user }: { row: InboxRow; user: SupportUser | undefined }) {
  const { details } = useWords()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        aria-label={details.label}
        title={details.label}
        aria-haspopup="dialog"
        className="pressable grid size-9 shrink-0 place-items-center rounded-lg text-muted hover:bg-hover hover:text-ink xl:hidden pointer-coarse:size-11"
        onClick={() => setOpen(true)}
      >
        <Icon name="details" />
      </button>
      {isOpen && (
        <Suspense>
          <DetailsDrawer row={row} user={user} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
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
      <span className="max-sm:sr-only">{row.isArchived ? words.restore : words.archive}</span>
    </button>
  )
}
