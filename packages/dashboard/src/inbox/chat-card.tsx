import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import type { Catalogue } from '../words/catalogue.ts'
import { useNow } from '../words/now.ts'
import { useWords } from '../words/words.ts'
import type { InboxRow } from './rows.ts'

/** The id of a card's link, by which the keyboard finds it. */
export const cardId = (chatId: string): string => `chat-${chatId}`

/** One chat of the list. */
export const ChatCard = memo(function ChatCard({
  row,
  isArchivedTab,
}: {
  row: InboxRow
  isArchivedTab: boolean
}) {
  const words = useWords()
  const weight = row.isUnread ? 'font-semibold text-ink' : 'text-ink'
  return (
    <Link
      id={cardId(row.id)}
      data-chat={row.id}
      to="/chats/$chatId"
      params={{ chatId: row.id }}
      search={isArchivedTab ? { archived: true } : {}}
      preload={false}
      draggable={false}
      className="group flex h-full items-center gap-3 rounded-xl px-3 outline-offset-[-2px] transition-colors duration-120 hover:bg-hover data-[status=active]:bg-soft"
    >
      <Avatar row={row} />
      <span className="grid min-w-0 flex-1 gap-0.5">
        <span className="flex items-center gap-2">
          <span className={`truncate ${weight}`}>
            <Person row={row} words={words.list} />
          </span>
          {row.isUnread && (
            <>
              <span className="sr-only">{words.list.unread}</span>
              <span aria-hidden="true" className="ms-auto size-2.5 shrink-0 rounded-full bg-fill" />
            </>
          )}
        </span>
        <span dir="auto" className={`truncate text-sm ${row.isUnread ? 'text-ink' : 'text-muted'}`}>
          {row.lastSender === 'admin' && <span>{words.list.you}</span>}
          {row.preview ?? words.list.noMessages}
        </span>
        <span className="truncate text-xs text-muted">
          {words.list.messages(row.messageCount)}
          {row.lastMessageAt && (
            <>
              {' · '}
              <Ago at={row.lastMessageAt} />
            </>
          )}
        </span>
      </span>
    </Link>
  )
})

/** "alice@example.com (Alice)", or what is known of them. */
export function Person({ row, words }: { row: Pick<InboxRow, 'email' | 'name'>; words: Catalogue['list'] }) {
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
  const [initial = '·'] = Array.from(row.name ?? row.email ?? '')
  return (
    <span
      aria-hidden="true"
      className={`grid shrink-0 place-items-center rounded-full bg-line font-semibold text-muted uppercase group-data-[status=active]:bg-surface ${className}`}
    >
      {initial}
    </span>
  )
}

/** How long ago something was, for as long as it is shown. */
export function Ago({ at }: { at: string }) {
  const { moments } = useWords()
  const now = useNow()
  const when = Date.parse(at)
  return (
    <time dateTime={at} title={moments.full(when)}>
      {moments.ago(when, now)}
    </time>
  )
}
