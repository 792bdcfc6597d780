import type { SupportUser, Traits } from '@deskbell/protocol'
import type { ReactNode } from 'react'
import { Ago, Avatar } from '../inbox/chat-card.tsx'
import type { InboxRow } from '../inbox/rows.ts'
import { useNow } from '../words/now.ts'
import { useWords } from '../words/words.ts'
import { MailNotice } from './mail-notice.tsx'
import { Text } from './text.tsx'
import { UserActions } from './user-actions.tsx'

interface UserDetailsProps {
  row: InboxRow
  /** Undefined until the desk has told of them. */
  user: SupportUser | undefined
}

/** Who the user is, as far as the desk knows, and what can be done with what it knows. */
export function UserDetails({ row, user }: UserDetailsProps) {
  const words = useWords()
  const now = useNow()
  const { details, moments } = words
  return (
    <>
      <Avatar row={row} className="size-14 text-lg" />
      <p className="mt-3 text-lg font-semibold [overflow-wrap:anywhere]">
        <bdi>{row.name ?? row.email ?? words.list.visitor}</bdi>
      </p>
      {user && <MailNotice user={user} chatId={row.id} />}
      <dl className="mt-5 grid gap-4">
        <Fact name={details.email}>{row.email ? <Mail address={row.email} /> : <Unknown />}</Fact>
        <Fact name={details.name}>{row.name ? <bdi>{row.name}</bdi> : <Unknown />}</Fact>
        {user && (
          <>
            <Fact name={details.userId}>
              <bdi>{user.external_id}</bdi>
            </Fact>
            <Fact name={details.firstSeen}>
              <time dateTime={user.first_seen_at} title={moments.full(Date.parse(user.first_seen_at))}>
                {moments.date(Date.parse(user.first_seen_at))}
              </time>
            </Fact>
          </>
        )}
        <Fact name={details.count}>{new Intl.NumberFormat(words.locale).format(row.messageCount)}</Fact>
        {row.lastMessageAt && (
          <Fact name={details.lastMessage}>
            <Ago at={row.lastMessageAt} now={now} />
          </Fact>
        )}
        <Fact name={details.state}>{row.isArchived ? details.archived : details.active}</Fact>
      </dl>
      {user && <UserTraits traits={user.traits} />}
      {user && <UserActions user={user} chatId={row.id} />}
    </>
  )
}

function UserTraits({ traits }: { traits: Traits }) {
  const { details } = useWords()
  const entries = Object.entries(traits)
  if (entries.length === 0) return null
  return (
    <section aria-label={details.traits}>
      <h3 className="mt-7 font-semibold">{details.traits}</h3>
      <dl className="mt-3 grid gap-4">
        {entries.map(([name, value]) => (
          <Fact key={name} name={name}>
            <bdi>
              <Text content={String(value)} />
            </bdi>
          </Fact>
        ))}
      </dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted [overflow-wrap:anywhere]">
        <bdi>{name}</bdi>
      </dt>
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
