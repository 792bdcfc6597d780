import { Dialog } from '@base-ui/react/dialog'
import { useDesk } from '../desk/desk.ts'
import { CloseButton } from '../overlays/close-button.tsx'
import { backdrop, centred } from '../overlays/looks.ts'
import { useWords } from '../words/words.ts'
import { NameForm } from './name-form.tsx'
import { PasswordForm } from './password-form.tsx'
import { Sessions } from './sessions.tsx'

/** The admin's own name and password, and the way out of every session. */
export function AccountDialog({ close }: { close: () => void }) {
  const words = useWords().account
  const { me } = useDesk()
  return (
    <Dialog.Root defaultOpen onOpenChange={(isOpen) => isOpen || close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={centred}>
          <div className="flex items-center justify-between gap-2">
            <Dialog.Title className="text-lg font-semibold">{words.heading}</Dialog.Title>
            <CloseButton label={words.close} />
          </div>
          <p className="truncate text-muted">
            <bdi>{me.email}</bdi>
          </p>
          <div className="mt-5 grid gap-6 divide-y divide-line *:not-last:pb-6">
            <NameForm />
            <PasswordForm />
            <Sessions />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
