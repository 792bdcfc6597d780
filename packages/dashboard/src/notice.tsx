import type { ReactNode } from 'react'
import { Icon } from './icons.tsx'

interface NoticeProps {
  level: 1 | 2 | 3
  heading: string
  hint?: string
  icon?: ReactNode
  action?: { label: string; run: () => void }
  children?: ReactNode
}

/**
 * A calm sentence in the middle of an otherwise empty place, with the one thing that can be done about it.
 * With a heading of level 1 it is the whole page.
 */
export function Notice({ level, heading, hint, icon, action, children }: NoticeProps) {
  const Heading = `h${level}` as const
  const notice = (
    <div className="m-auto flex max-w-72 flex-col items-center px-6 py-12 text-center">
      {icon && (
        <span className="mb-4 grid size-12 place-items-center rounded-full bg-hover text-muted">{icon}</span>
      )}
      <Heading className="font-semibold text-balance text-ink">{heading}</Heading>
      {hint && <p className="mt-1 text-balance text-muted">{hint}</p>}
      {action && (
        <button type="button" className={`${quietButton} mt-4`} onClick={action.run}>
          {action.label}
        </button>
      )}
      {children}
    </div>
  )
  return level === 1 ? <main className="flex h-full">{notice}</main> : notice
}

/** The moment before anything is known; the bell keeps it from looking broken. */
export function Waiting() {
  return (
    <div className="grid h-full place-items-center text-muted" aria-busy="true">
      <Icon name="bell" className="shimmer size-8" />
    </div>
  )
}

export const quietButton =
  'pressable inline-flex h-9 items-center justify-center gap-1.5 rounded-lg border border-line bg-raised px-3 font-medium text-ink hover:bg-hover disabled:opacity-60 pointer-coarse:h-11'
