import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useDesk } from '../desk/desk.ts'
import { Icon } from '../icons.tsx'
import { me as session, signOut } from '../session/session.ts'
import { useToast } from '../toasts/toasts.tsx'
import { useWords } from '../words/words.ts'
import { Avatar } from './chat-card.tsx'

const Settings = lazy(() =>
  import('../settings/settings.tsx').then(({ Settings }) => ({ default: Settings })),
)

const AccountDialog = lazy(() =>
  import('../account/account-dialog.tsx').then(({ AccountDialog }) => ({ default: AccountDialog })),
)

/** Who works here, and the few things that are not about chats. */
export function InboxFooter({ openHelp }: { openHelp: () => void }) {
  const words = useWords()
  const { keepsakes } = useDesk()
  const toast = useToast()
  const queries = useQueryClient()
  const [open, setOpen] = useState<'settings' | 'account' | null>(null)
  const close = () => setOpen(null)
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess() {
      keepsakes.forgetAll()
      queries.setQueryData(session.queryKey, null)
    },
    onError: () =>
      toast({
        text: words.toasts.signOutFailed,
        tone: 'failed',
        action: { label: words.toasts.retry, run: () => leave.mutate() },
      }),
  })

  return (
    <footer className="flex items-center gap-0.5 border-t border-line py-1.5 ps-3 pe-2 pb-[max(0.375rem,env(safe-area-inset-bottom))]">
      <Who openAccount={() => setOpen('account')} />
      <IconButton
        icon="settings"
        label={words.settings.heading}
        isOpen={open === 'settings'}
        onClick={() => setOpen('settings')}
      />
      <IconButton icon="help" label={words.keys.open} onClick={openHelp} />
      <IconButton icon="sign-out" label={words.signOut} onClick={() => leave.mutate()} />
      <Suspense>
        {open === 'settings' && <Settings close={close} />}
        {open === 'account' && <AccountDialog close={close} />}
      </Suspense>
    </footer>
  )
}

/** The admin's name, and where they signed in here, the way to their account. */
function Who({ openAccount }: { openAccount: () => void }) {
  const { account } = useWords()
  const { me } = useDesk()
  const name = <bdi className="truncate">{me.name ?? me.email}</bdi>
  const face = <Avatar row={me} className="size-6 text-xs" />
  const look = 'me-auto flex min-w-0 items-center gap-2 rounded-lg px-2 text-sm text-muted'
  if (!me.has_account) {
    return (
      <span className={look}>
        {face}
        {name}
      </span>
    )
  }
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      title={account.heading}
      className={`pressable h-9 hover:bg-hover hover:text-ink pointer-coarse:h-11 ${look}`}
      onClick={openAccount}
    >
      {face}
      {name}
      <span className="sr-only">{account.heading}</span>
    </button>
  )
}

interface IconButtonProps {
  icon: 'settings' | 'help' | 'sign-out'
  label: string
  isOpen?: boolean
  onClick(): void
}

function IconButton({ icon, label, isOpen, onClick }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-expanded={isOpen}
      title={label}
      className="pressable grid size-9 place-items-center rounded-lg text-muted hover:bg-hover hover:text-ink aria-expanded:bg-hover aria-expanded:text-ink pointer-coarse:size-11"
      onClick={onClick}
    >
      <Icon name={icon} className={icon === 'sign-out' ? 'size-5 rtl:-scale-x-100' : 'size-5'} />
    </button>
  )
}
