import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useDesk } from '../desk/desk.ts'
import { Icon } from '../icons.tsx'
import { me as session, signOut } from '../session/session.ts'
import { keepTheme, keptTheme, nextTheme } from '../theme/theme.ts'
import { useToast } from '../toasts/toasts.tsx'
import { useWords } from '../words/words.ts'

const THEME_ICONS = {
  system: <Icon name="system" />,
  light: <Icon name="light" />,
  dark: <Icon name="dark" />,
}

/** Who works here, and the few things that are not about chats. */
export function InboxFooter({ openHelp }: { openHelp: () => void }) {
  const words = useWords()
  const { me, keepsakes } = useDesk()
  const toast = useToast()
  const queries = useQueryClient()
  const [theme, setTheme] = useState(keptTheme)
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

  function changeTheme() {
    const next = nextTheme(theme)
    keepTheme(next)
    setTheme(next)
  }

  return (
    <footer className="flex items-center gap-1 border-t border-line py-1.5 ps-5 pe-2 pb-[max(0.375rem,env(safe-area-inset-bottom))]">
      <span className="me-auto truncate text-sm text-muted" title={me.email}>
        <bdi>{me.name ?? me.email}</bdi>
      </span>
      <IconButton label={`${words.theme.label}: ${words.theme[theme]}`} onClick={changeTheme}>
        {THEME_ICONS[theme]}
      </IconButton>
      <IconButton label={words.keys.open} onClick={openHelp}>
        <Icon name="help" />
      </IconButton>
      <IconButton label={words.signOut} onClick={() => leave.mutate()}>
        <Icon name="sign-out" />
      </IconButton>
    </footer>
  )
}

function IconButton({
  label,
  onClick,
  children,
}: {
  label: string
  onClick: () => void
  children: ReactNode
}) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="pressable grid size-9 place-items-center rounded-lg text-muted hover:bg-hover hover:text-ink pointer-coarse:size-11"
      onClick={onClick}
    >
      {children}
    </button>
  )
}
