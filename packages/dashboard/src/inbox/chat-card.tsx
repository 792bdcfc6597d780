import { type MouseEvent, memo } from 'react'
import { Icon } from '../icons.tsx'
import type { Catalogue } from '../words/catalogue.ts'
import { useWords } from '../words/words.ts'
import type { InboxRow } from './rows.ts'

/** The id of a card's link, by which the keyboard finds it. */
export const cardId = (chatId: string): string => `chat-${chatId}`

interface ChatCardProps {
  row: InboxRow
  href: string
  isOpen: boolean
  open: (chatId: string) => void
  now: number
}

/** One chat of the list. A plain link: hundreds of them are made while someone scrolls fast. */
export const ChatCard = memo(function ChatCard({ row, href, isOpen, open, now }: ChatCardProps) {
  const words = useWords()
  const weight = row.isUnread ? 'font-semibold text-ink' : 'text-ink'
  return (
    <a
      id={cardId(row.id)}
      data-chat={row.id}
      href={href}
      aria-current={isOpen ? 'page' : undefined}
      draggable={false}
      onClick={(event) => {
        if (!isPlainClick(event)) return
        event.preventDefault()
        open(row.id)
      }}
      className="group flex h-full items-center gap-3 rounded-xl px-3 outline-offset-[-2px] hover:bg-hover aria-[current=page]:bg-soft"
    >
      <Avatar row={row} />
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-center gap-2">
          <span dir="auto" className={`own-side truncate ${weight}`}>
            <Person row={row} words={words.list} />
          </span>
          {row.isUnread && (
            <>
              <span className="sr-only">{words.list.unread}</span>
              <span aria-hidden="true" className="ms-auto size-2.5 shrink-0 rounded-full bg-accent" />
            </>
          )}
        </span>
        <span className={`flex text-sm ${row.isUnread ? 'text-ink' : 'text-muted'}`}>
          {row.lastSender === 'admin' && <span className="shrink-0 whitespace-pre">{words.list.you}</span>}
          <span dir="auto" className="own-side min-w-0 flex-1 truncate">
            {row.preview ?? words.list.noMessages}
          </span>
        </span>
        <span className="truncate text-xs text-muted">
          {words.list.messages(row.messageCount)}
          {row.lastMessageAt && (
            <>
              {' · '}
              <Ago at={row.lastMessageAt} now={now} />
            </>
          )}
        </span>
      </span>
    </a>
  )
})

/** Every other click asks for a new tab, a new window or a download. */
function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
}

/** "alice@example.com (Alice)", or what is known of them. */
function Person({ row, words }: { row: Pick<InboxRow, 'email' | 'name'>; words: Catalogue['list'] }) {
  if (row.email === null) return <bdi>{row.name ?? words.visitor}</bdi>
  return (
    <>
      <bdi>{row.email}</bdi>
      {row.name && (
        <>
          {' ('}
          <bdi>{row.name}</bdi>
          {')'}
        </>
      )}
    </>
  )
}

export function Avatar({
  row,
  className = 'size-9',
}: {
  row: Pick<InboxRow, 'email' | 'name'>
  className?: string
}) {
  const [initial] = Array.from(row.name ?? row.email ?? '')
  return (
    <span
      aria-hidden="true"
      className={`grid shrink-0 place-items-center rounded-full bg-line font-semibold text-muted uppercase group-aria-[current=page]:bg-surface ${className}`}
    >
      {initial ?? <Icon name="person" className="size-1/2" />}
    </span>
  )
}

/** How long before `now` something was. */
export function Ago({ at, now }: { at: string; now: number }) {
  const { moments } = useWords()
  const when = Date.parse(at)
  return (
    <time dateTime={at} title={moments.full(when)}>
      {moments.ago(when, now)}
    </time>
  )
}
