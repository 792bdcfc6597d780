import { Dialog } from '@base-ui/react/dialog'
import type { SupportUser } from '@deskbell/protocol'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useDesk } from '../desk/desk.ts'
import { Field, Trouble } from '../field.tsx'
import { quietButton } from '../notice.tsx'
import { backdrop, centred } from '../overlays/looks.ts'
import { useToast } from '../toasts/toasts.tsx'
import { useWords } from '../words/words.ts'
import { confirmationOf, eraseUser } from './user.ts'

interface ErasingProps {
  user: SupportUser
  chatId: string
  close(): void
}

/** Erases a user once their address was typed: nothing brings them back. */
export function Erasing({ user, chatId, close }: ErasingProps) {
  const { erasing: words, list } = useWords()
  const { news } = useDesk()
  const navigate = useNavigate()
  const toast = useToast()
  const [typed, setTyped] = useState('')
  const confirmation = confirmationOf(user)
  const isConfirmed = typed.trim().toLowerCase() === confirmation.toLowerCase()
  const erasure = useMutation({
    mutationFn: () => eraseUser(user),
    onSuccess() {
      close()
      news.hear({ type: 'chat_removed', chat_id: chatId })
      void navigate({ to: '/chats', search: true })
      toast({ text: words.done, tone: 'done' })
    },
  })

  function submit(event: FormEvent) {
    event.preventDefault()
    if (isConfirmed && !erasure.isPending) erasure.mutate()
  }

  return (
    <Dialog.Root defaultOpen onOpenChange={(isOpen) => isOpen || close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={centred}>
          <Dialog.Title className="text-lg font-semibold">{words.heading}</Dialog.Title>
          <Dialog.Description className="mt-2 text-muted [overflow-wrap:anywhere]">
            {words.warning(user.name ?? user.email ?? list.visitor)}
          </Dialog.Description>
          <form className="mt-5" onSubmit={submit}>
            <Field
              label={words.confirm(confirmation)}
              value={typed}
              autoComplete="off"
              onChange={(event) => setTyped(event.target.value)}
            />
            <Trouble text={erasure.isError ? words.failed : null} />
            <div className="mt-4 flex justify-end gap-2">
              <Dialog.Close className={quietButton}>{words.cancel}</Dialog.Close>
              <button
                type="submit"
                disabled={!isConfirmed || erasure.isPending}
                className="pressable h-9 rounded-lg bg-danger px-3 font-semibold text-on-fill hover:bg-danger-hover disabled:bg-hover disabled:text-muted pointer-coarse:h-11"
              >
                {words.submit}
              </button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
