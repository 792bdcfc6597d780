import { type Conversation, createAdminChat } from '@deskbell/client'
import { InfiniteQueryObserver, MutationObserver } from '@tanstack/react-query'
import { eraseUser } from '../conversation/user.ts'
import { API } from '../desk/call.ts'
import { openDesk } from '../desk/desk.ts'
import { createQueries } from '../desk/queries.ts'
import { archiving } from '../inbox/archiving.ts'
import { chatPages, oneChat } from '../inbox/chats.ts'
import { type InboxRow, liveRows } from '../inbox/rows.ts'

/** One tab's rows as they would be on the screen. */
export interface ShownList {
  rows: InboxRow[]
  /** The last row of the last page that was loaded, as it was listed; null where that was the end. */
  end: InboxRow | null
}

/** An admin at work in the dashboard, without its screen: what is shown, and what may be clicked. */
export class Colleague {
  readonly #queries = createQueries()
  readonly #desk = openDesk(this.#queries)
  readonly #tabs = {
    active: new InfiniteQueryObserver(this.#queries, chatPages(this.#desk.news, false)),
    archived: new InfiniteQueryObserver(this.#queries, chatPages(this.#desk.news, true)),
  }
  #open: Conversation | null = null

  constructor() {
    for (const tab of Object.values(this.#tabs)) tab.subscribe(() => {})
  }

  shown(tab: 'active' | 'archived'): ShownList {
    const pages = this.#tabs[tab].getCurrentResult().data?.pages ?? []
    const rows = liveRows(pages, this.#desk.news.getSnapshot(), tab === 'archived')
    const last = pages.at(-1)
    return { rows, end: last?.next === null ? null : (last?.rows.at(-1) ?? null) }
  }

  /** Nothing that was clicked or written is on its way any more, and both lists are there. */
  isAtRest(): boolean {
    const unsent = this.#open?.getSnapshot().messages.some(({ state }) => state === 'sending') ?? false
    const isLoading = this.#queries.isFetching() > 0 || this.#queries.isMutating() > 0
    return !unsent && !isLoading && Object.values(this.#tabs).every((tab) => tab.getCurrentResult().isSuccess)
  }

  /** To open a chat is to view it, and to view what comes in while it is open. */
  open({ id }: InboxRow): void {
    this.#open?.close()
    const { connection } = this.#desk
    const conversation = createAdminChat({ baseUrl: location.origin + API, connection, chatId: id })
    conversation.subscribe(() => {
      const { phase, unreadCount } = conversation.getSnapshot()
      if (phase === 'ready' && unreadCount > 0) conversation.markRead()
    })
    void conversation.open()
    void this.#queries.prefetchQuery(oneChat(this.#desk.news, id))
    this.#open = conversation
  }

  answer(text: string): void {
    this.#open?.send(text)
  }

  /** With the row as it was when it was clicked, which for an undo is some time ago. */
  setArchived(row: InboxRow, isArchived: boolean): void {
    const change = new MutationObserver(this.#queries, archiving(this.#desk.news, this.#queries))
    // That it failed is told by the observer.
    change.mutate({ row, isArchived }).catch(() => {})
  }

  /** Returns the host's id of who is gone. */
  async erase({ id }: InboxRow): Promise<string> {
    const { user } = await this.#queries.fetchQuery(oneChat(this.#desk.news, id))
    await eraseUser(user)
    this.#desk.news.hear({ type: 'chat_removed', chat_id: id })
    return user.external_id
  }

  scroll(tab: 'active' | 'archived'): void {
    const { hasNextPage } = this.#tabs[tab].getCurrentResult()
    if (hasNextPage) void this.#tabs[tab].fetchNextPage({ cancelRefetch: false })
  }

  close(): void {
    this.#open?.close()
    for (const tab of Object.values(this.#tabs)) tab.destroy()
    this.#desk.connection.close()
    this.#queries.clear()
  }
}
