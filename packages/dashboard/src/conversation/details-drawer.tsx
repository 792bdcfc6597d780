import { Dialog } from '@base-ui/react/dialog'
import type { SupportUser } from '@deskbell/protocol'
import type { InboxRow } from '../inbox/rows.ts'
import { CloseButton } from '../overlays/close-button.tsx'
import { backdrop } from '../overlays/looks.ts'
import { useWords } from '../words/words.ts'
import { UserDetails } from './user-details.tsx'

interface DetailsDrawerProps {
  row: InboxRow
  user: SupportUser | undefined
  close(): void
}

/** The user's details over the conversation, where there is no room beside it. */
export function DetailsDrawer({ row, user, close }: DetailsDrawerProps) {
  const { details } = useWords()
  return (
    <Dialog.Root defaultOpen onOpenChange={(isOpen) => isOpen || close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className="rise fixed inset-y-0 end-0 z-50 w-[min(22rem,100vw)] overflow-y-auto border-s border-line bg-canvas p-6 pb-[max(1.5rem,env(safe-area-inset-bottom))] outline-none">
          <div className="mb-5 flex items-center justify-between">
            <Dialog.Title className="font-semibold">{details.label}</Dialog.Title>
            <CloseButton label={details.close} />
          </div>
          <UserDetails row={row} user={user} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
