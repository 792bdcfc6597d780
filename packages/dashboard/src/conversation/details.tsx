import type { ReactNode } from 'react'
import { Ago, Avatar } from '../inbox/chat-card.tsx'
import type { InboxRow } from '../inbox/rows.ts'
import { useNow } from '../words/now.ts'
import { useWords } from '../words/words.ts'

/** Who the user is, as far as the desk knows, where there is room for it (from 1280 px). */
export function Details({ row }: { row: InboxRow }) {
  const words = useWords()
  const now = useNow()
  const { details } = words
  return (
    <section
      aria-label={details.label}
      className="hidden w-72 shrink-0 overflow-y-auto border-s border-line bg-canvas p-6 xl:block"
    >
      <Avatar row={row} className="size-14 text-lg" />
      <p className="mt-3 text-lg font-semibold [overflow-wrap:anywhere]">
        <bdi>{row.name ?? row.email ?? words.list.visitor}</bdi>
      </p>
      <dl className="mt-5 grid gap-4">
        <Fact name={details.email}>{row.email ? <Mail address={row.email} /> : <Unknown />}</Fact>
        <Fact name={details.name}>{row.name ? <bdi>{row.name}</bdi> : <Unknown />}</Fact>
        <Fact name={details.state}>{row.isArchived ? details.archived : details.active}</Fact>
        <Fact name={details.count}>{new Intl.NumberFormat(words.locale).format(row.messageCount)}</Fact>
        {row.lastMessageAt && (
          <Fact name={details.lastMessage}>
            <Ago at={row.lastMessageAt} now={now} />
          </Fact>
        )}
      </dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="mt-0.5 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}

function Mail({ address }: { address: string }) {
  return (
    <a href={`mailto:${encodeURIComponent(address)}`} className="text-accent hover:underline">
      <bdi>{address}</bdi>
    </a>
  )
}

function Unknown() {
  return <span className="text-muted">{useWords().details.none}</span>
}
