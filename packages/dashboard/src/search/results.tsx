import type { SearchHit, SearchMatch } from '@deskbell/protocol'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Ref, useImperativeHandle, useRef } from 'react'
import { Icon } from '../icons.tsx'
import { Ago, Avatar } from '../inbox/chat-card.tsx'
import type { ListHandle } from '../inbox/chat-list.tsx'
import { Notice, quietButton } from '../notice.tsx'
import { useNow } from '../words/now.ts'
import { useWords } from '../words/words.ts'
import { Marked } from './marked.tsx'
import { searchPages } from './search.ts'

interface ResultsProps {
  query: string
  handle: Ref<ListHandle>
}

const LOAD_AHEAD_PX = 400

/** Where a text was found: people and messages, each a way to its chat. */
export function Results({ query, handle }: ResultsProps) {
  const words = useWords()
  const scroller = useRef<HTMLDivElement>(null)
  const found = useInfiniteQuery(searchPages(query))
  useImperativeHandle(handle, () => ({ move: (step) => moveFocus(scroller.current, step) }))
  const { search } = words
  const hits = found.data?.pages.flatMap(({ items }) => items) ?? []

  if (found.isError && hits.length === 0) {
    const again = { label: words.list.tryAgain, run: () => void found.refetch() }
    return <Notice level={2} heading={search.failed} icon={<Icon name="warning" />} action={again} />
  }
  const isSearching = found.isPending || found.isPlaceholderData
  const isNothing = !isSearching && hits.length === 0

  function loadIfNear() {
    const box = scroller.current
    const isNear = box !== null && box.scrollHeight - box.scrollTop - box.clientHeight < LOAD_AHEAD_PX
    if (isNear && found.hasNextPage && !found.isFetchNextPageError) {
      void found.fetchNextPage({ cancelRefetch: false })
    }
  }

  return (
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2"
      onScroll={loadIfNear}
    >
      <p aria-live="polite" className="px-3 pb-1 text-xs text-muted">
        {isSearching
          ? search.searching
          : isNothing
            ? ''
            : search.found(hits.flatMap((hit) => hit.matches).length)}
      </p>
      {isNothing && (
        <Notice level={2} heading={search.none} hint={search.noneHint} icon={<Icon name="search" />} />
      )}
      <ul
        // biome-ignore lint/a11y/noRedundantRoles: Safari takes the role from a list without bullets
        role="list"
        aria-label={search.results}
        aria-busy={isSearching}
        className={`pb-3 transition-opacity duration-140 ${found.isPlaceholderData ? 'opacity-60' : ''}`}
      >
        {hits.map((hit) => (
          <Hit key={hit.chat.id} hit={hit} />
        ))}
      </ul>
      {found.isFetchNextPageError && (
        <button
          type="button"
          className={`${quietButton} mx-auto mb-3 flex`}
          onClick={() => void found.fetchNextPage()}
        >
          {words.list.tryAgain}
        </button>
      )}
    </div>
  )
}

function Hit({ hit }: { hit: SearchHit }) {
  const { chat, matches } = hit
  const person = { email: chat.user_email, name: chat.user_name }
  return (
    <li className="py-px">
      <Link
        to="/chats/$chatId"
        params={{ chatId: chat.id }}
        search={(current) => ({ ...current, message: undefined })}
        data-chat={chat.id}
        activeOptions={exactly}
        draggable={false}
        className={`group flex items-center gap-3 px-3 py-2 ${hitLook}`}
      >
        <Avatar row={person} className="size-7 text-xs" />
        <span dir="auto" className="own-side truncate font-medium">
          <Person chat={chat} matches={matches} />
        </span>
      </Link>
      {matches.map(
        (match) =>
          match.field === 'content' && (
            <Link
              key={match.seq}
              to="/chats/$chatId"
              params={{ chatId: chat.id }}
              search={(current) => ({ ...current, message: match.seq })}
              data-chat={chat.id}
              activeOptions={exactly}
              draggable={false}
              className={`block py-1.5 ps-13 pe-3 text-sm ${hitLook}`}
            >
              <MessageMatch match={match} />
            </Link>
          ),
      )}
    </li>
  )
}

/** The message belongs to what is open. */
const exactly = { exact: true, includeSearch: true, explicitUndefined: true }

const hitLook = 'rounded-xl outline-offset-[-2px] hover:bg-hover aria-[current=page]:bg-soft'

type ContentMatch = Extract<SearchMatch, { field: 'content' }>

function MessageMatch({ match }: { match: ContentMatch }) {
  const { list } = useWords()
  const now = useNow()
  return (
    <>
      <span dir="auto" className="own-side line-clamp-2 [overflow-wrap:anywhere]">
        {match.sender_type === 'admin' && <span className="text-muted">{list.you}</span>}
        <Marked text={match.excerpt} ranges={match.highlights} />
      </span>
      <span className="text-xs text-muted">
        <Ago at={match.created_at} now={now} />
      </span>
    </>
  )
}

/** The address and the name; where the search found them, with what it found. */
function Person({ chat, matches }: SearchHit) {
  const { list } = useWords()
  const shown = (field: 'email' | 'name', text: string) => {
    const match = matches.find((each) => each.field === field)
    return <bdi>{match ? <Marked text={match.excerpt} ranges={match.highlights} /> : text}</bdi>
  }
  const { user_email: email, user_name: name } = chat
  if (email === null && name === null) return list.visitor
  return (
    <>
      {email !== null && shown('email', email)}
      {email !== null && name !== null && ' · '}
      {name !== null && shown('name', name)}
    </>
  )
}

/** The focus goes to the next result, or to the first one from outside of them. */
function moveFocus(within: HTMLElement | null, step: 1 | -1): void {
  const links = [...(within?.querySelectorAll<HTMLElement>('a[data-chat]') ?? [])]
  const from = links.findIndex((link) => link.matches(':focus'))
  const to = from < 0 ? 0 : Math.max(0, Math.min(links.length - 1, from + step))
  links[to]?.focus()
}
