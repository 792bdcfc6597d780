import { Link } from '@tanstack/react-router'
import type { KeyboardEvent } from 'react'
import { useWords } from '../words/words.ts'

export const PANEL_ID = 'chats-panel'

/** Active and Archived: two addresses, worked like tabs. */
export function InboxTabs({ isArchived, chatId }: { isArchived: boolean; chatId: string | undefined }) {
  const words = useWords().tabs
  return (
    <div
      role="tablist"
      aria-label={words.label}
      className="mx-3 grid grid-cols-2 gap-1 rounded-xl bg-hover p-1"
      onKeyDown={moveByArrow}
    >
      <Tab label={words.active} isSelected={!isArchived} search={{}} chatId={chatId} />
      <Tab label={words.archived} isSelected={isArchived} search={{ archived: true }} chatId={chatId} />
    </div>
  )
}

interface TabProps {
  label: string
  isSelected: boolean
  search: { archived?: true }
  chatId: string | undefined
}

function Tab({ label, isSelected, search, chatId }: TabProps) {
  const target =
    chatId === undefined
      ? ({ to: '/chats' } as const)
      : ({ to: '/chats/$chatId', params: { chatId } } as const)
  return (
    <Link
      {...target}
      search={search}
      role="tab"
      aria-selected={isSelected}
      aria-controls={PANEL_ID}
      tabIndex={isSelected ? 0 : -1}
      draggable={false}
      className="rounded-lg py-1.5 text-center font-medium text-muted transition-colors duration-140 hover:text-ink aria-selected:bg-raised aria-selected:text-ink aria-selected:shadow-[0_1px_2px_#0000001f] pointer-coarse:py-3"
    >
      {label}
    </Link>
  )
}

function moveByArrow(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
  event.preventDefault()
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')]
  const other = tabs.find((tab) => tab !== document.activeElement)
  other?.focus()
  other?.click()
}
