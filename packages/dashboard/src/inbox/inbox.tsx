import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useRef, useState } from 'react'
import { useAlerts } from '../alerts/use-alerts.ts'
import bell from '../bell.svg'
import { useDesk } from '../desk/desk.ts'
import { useShortcuts } from '../keyboard/shortcuts.ts'
import { useIsWide } from '../media.ts'
import { SearchField } from '../search/search-field.tsx'
import { useWords } from '../words/words.ts'
import { Banner } from './banner.tsx'
import { ChatListView, type ListHandle } from './chat-list.tsx'
import { Divider } from './divider.tsx'
import { InboxFooter } from './footer.tsx'
import { useListWidth } from './list-width.ts'
import { ReplyContext, useReply } from './reply.ts'
import { findRow, type InboxRow } from './rows.ts'
import { InboxTabs, PANEL_ID } from './tabs.tsx'
import { useUnreadTitle } from './unread-title.ts'
import { useArchiving } from './use-archiving.ts'
import { useChatList, useUnreadCount } from './use-inbox.ts'

const Results = lazy(() => import('../search/results.tsx').then(({ Results }) => ({ default: Results })))
const Help = lazy(() => import('../keyboard/help.tsx').then(({ Help }) => ({ default: Help })))

/** The workbench: the list, and beside it (from 1024 px) or in its place the open conversation. */
export function Inbox() {
  const words = useWords()
  const { news } = useDesk()
  const navigate = useNavigate()
  const { archived: isArchived = false, q: query = '' } = useSearch({ from: '/chats' })
  const { chatId } = useParams({ strict: false })
  const active = useChatList(false, true)
  const archived = useChatList(true, isArchived)
  const list = isArchived ? archived : active
  const listHandle = useRef<ListHandle>(null)
  const searchField = useRef<HTMLInputElement>(null)
  const [isHelpOpen, setHelpOpen] = useState(false)
  const reply = useReply()
  const { archive, restore } = useArchiving()
  const isWide = useIsWide()
  const [listWidth, setListWidth] = useListWidth()
  useUnreadTitle(useUnreadCount())

  const open = useCallback(
    (id: string) =>
      void navigate({
        to: '/chats/$chatId',
        params: { chatId: id },
        search: (current) => ({ ...current, message: undefined }),
      }),
    [navigate],
  )
  const search = (wanted: string) =>
    void navigate({
      to: '.',
      // Each search is one step back, however many keys it took.
      replace: query !== '' && wanted !== '',
      search: (current) => ({ ...current, q: wanted || undefined, message: undefined }),
    })
  useAlerts({ rows: active.rows, isReady: active.state === 'ready', openId: chatId, open })

  function onTarget(act: (row: InboxRow) => void) {
    const id = focusedChat() ?? chatId
    const page = { rows: [...active.rows, ...archived.rows], next: '', asOf: 0 }
    const row = id && findRow([page], news.getSnapshot(), id)
    if (row) act(row)
  }

  useShortcuts(
    new Map([
      ['j', () => listHandle.current?.move(1)],
      ['k', () => listHandle.current?.move(-1)],
      ['ArrowDown', () => listHandle.current?.move(1)],
      ['ArrowUp', () => listHandle.current?.move(-1)],
      ['e', () => onTarget(archive)],
      ['u', () => onTarget(restore)],
      ['r', () => replyTo(focusedChat() ?? chatId)],
      ['/', () => searchField.current?.focus()],
      ['?', () => setHelpOpen(true)],
    ]),
  )

  function replyTo(id: string | undefined) {
    if (id === undefined) return
    reply.begin()
    if (id !== chatId) open(id)
  }

  const isOpen = chatId !== undefined
  return (
    <ReplyContext value={reply}>
      <div className="flex h-full flex-col">
        <Banner />
        <main
          className="relative grid min-h-0 flex-1"
          style={{ gridTemplateColumns: isWide ? `min(${listWidth}px, 50%) minmax(0, 1fr)` : undefined }}
        >
          <section
            id={LIST_ID}
            aria-label={words.title}
            className={`relative flex min-h-0 flex-col border-e border-line bg-canvas pt-[env(safe-area-inset-top)] max-lg:absolute max-lg:inset-0 ${isOpen ? 'max-lg:invisible' : ''}`}
          >
            <header className="flex h-14 items-center gap-2 px-5">
              <img src={bell} alt="" className="size-6" />
              <h1 className="text-lg font-semibold">{words.title}</h1>
            </header>
            <SearchField
              query={query}
              field={searchField}
              search={search}
              enterResults={() => listHandle.current?.move(1)}
            />
            {query === '' && <InboxTabs isArchived={isArchived} chatId={chatId} />}
            {isOpen && (
              <button
                type="button"
                className="sr-only rounded-lg bg-fill px-3 py-2 text-on-fill focus:not-sr-only focus:mx-3 focus:mt-2"
                onClick={() => document.getElementById('conversation')?.focus()}
              >
                {words.skipToConversation}
              </button>
            )}
            {query === '' ? (
              <div
                role="tabpanel"
                id={PANEL_ID}
                aria-label={isArchived ? words.tabs.archived : words.tabs.active}
                className="mt-2 flex min-h-0 flex-1 flex-col"
              >
                <ChatListView
                  key={String(isArchived)}
                  list={list}
                  isArchived={isArchived}
                  openId={chatId}
                  handle={listHandle}
                  hrefOf={(id) => `/admin/chats/${id}${isArchived ? '?archived=true' : ''}`}
                  open={open}
                />
              </div>
            ) : (
              <Suspense>
                <Results query={query} handle={listHandle} />
              </Suspense>
            )}
            <InboxFooter openHelp={() => setHelpOpen(true)} />
            <Divider width={listWidth} setWidth={setListWidth} controls={LIST_ID} />
          </section>
          <div className={`flex min-h-0 min-w-0 flex-col bg-surface ${isOpen ? '' : 'max-lg:hidden'}`}>
            <Outlet />
          </div>
        </main>
      </div>
      {isHelpOpen && (
        <Suspense>
          <Help close={() => setHelpOpen(false)} />
        </Suspense>
      )}
    </ReplyContext>
  )
}

const LIST_ID = 'chats'

/** The chat whose card has the focus. */
function focusedChat(): string | undefined {
  const focused = document.activeElement
  return focused instanceof HTMLElement ? focused.dataset.chat : undefined
}
