import type { AdminEvent, SupportMessage } from '@deskbell/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNewsDesk } from './news.ts'
import { byNewest, type InboxPage, type InboxRow, liveRows, rowFrom, rowFromEvent } from './rows.ts'

const at = (tick: number) => new Date(Date.UTC(2026, 0, 1) + tick).toISOString().replace('Z', '000Z')

function message(seq: number, tick: number, name: string): SupportMessage {
  const id = `m${seq}`
  const content = `message ${seq}`
  const created_at = at(tick)
  return {
    id,
    seq,
    client_id: null,
    content,
    sender_type: 'user',
    sender_name: name,
    read_at: null,
    created_at,
  }
}

/** A desk in a few lines: chats, the list that it would answer with, and the events it would tell. */
class ModelDesk {
  readonly chats = new Map<number, InboxRow>()
  readonly told: AdminEvent[] = []
  readonly #erased = new Set<number>()
  #tick = 0

  write(index: number, sender: 'user' | 'admin'): void {
    if (this.#erased.has(index)) return
    const chat = this.chats.get(index) ?? this.#open(index)
    const wasKnown = chat.messageCount > 0 && !chat.isArchived
    const said = message(chat.messageCount + 1, ++this.#tick, chat.name ?? '')
    Object.assign(chat, {
      lastMessageAt: said.created_at,
      preview: said.content,
      lastSender: sender,
      messageCount: said.seq,
      ...(sender === 'user' ? { isUnread: true, isArchived: false } : {}),
    })
    if (sender === 'user') {
      this.told.push({ type: 'new_user_message', chat_id: chat.id, user_email: chat.email, message: said })
      if (wasKnown) return
    }
    this.#tellRow(chat)
  }

  change(index: number, to: Partial<InboxRow>): void {
    const chat = this.chats.get(index)
    if (!chat) return
    Object.assign(chat, to)
    this.#tellRow(chat)
  }

  erase(index: number): void {
    const chat = this.chats.get(index)
    if (!chat) return
    this.chats.delete(index)
    this.#erased.add(index)
    this.told.push({ type: 'chat_removed', chat_id: chat.id })
  }

  list(isArchived: boolean): InboxRow[] {
    const rows = [...this.chats.values()].filter((chat) => chat.isArchived === isArchived)
    return rows.sort(byNewest).map((row) => ({ ...row }))
  }

  page(isArchived: boolean, after: InboxRow | null, size: number): { rows: InboxRow[]; next: string | null } {
    const rest = this.list(isArchived).filter((row) => after === null || byNewest(row, after) > 0)
    return { rows: rest.slice(0, size), next: rest.length > size ? 'more' : null }
  }

  #open(index: number): InboxRow {
    const chat: InboxRow = {
      id: `chat-${String(index).padStart(2, '0')}`,
      email: `user${index}@example.com`,
      name: `User ${index}`,
      lastMessageAt: null,
      preview: null,
      lastSender: null,
      messageCount: 0,
      isUnread: false,
      isArchived: false,
    }
    this.chats.set(index, chat)
    return chat
  }

  #tellRow(chat: InboxRow): void {
    this.told.push({
      type: 'chat_updated',
      chat: {
        id: chat.id,
        user_id: '',
        user_email: chat.email,
        user_name: chat.name,
        last_message_at: chat.lastMessageAt,
        last_message_preview: chat.preview,
        last_message_sender: chat.lastSender,
        message_count: chat.messageCount,
        unread: chat.isUnread,
        archived: chat.isArchived,
      },
    })
  }
}

/** One tab of one admin: pages are asked for, read by the desk, and arrive, each at its own moment. */
class ModelTab {
  readonly news = createNewsDesk(queueMicrotask)
  pages: InboxPage[] = []
  readonly #desk: ModelDesk
  readonly #isArchived: boolean
  #heard = 0
  #asked: { asOf: number; kept: InboxPage[] } | null = null
  #onTheWay: InboxPage[] | null = null

  constructor(desk: ModelDesk, isArchived: boolean) {
    this.#desk = desk
    this.#isArchived = isArchived
  }

  hear(count: number): void {
    for (const event of this.#desk.told.slice(this.#heard, this.#heard + count)) this.news.hear(event)
    this.#heard = Math.min(this.#heard + count, this.#desk.told.length)
  }

  /** The connection breaks: what was on its way is lost, and the list is asked for again from the start. */
  reconnect(): void {
    this.#heard = this.#desk.told.length
    this.#asked = { asOf: this.news.getSnapshot().position, kept: [] }
    this.#onTheWay = null
  }

  ask(): void {
    if (this.#asked || this.pages.at(-1)?.next === null) return
    this.#asked = { asOf: this.news.getSnapshot().position, kept: this.pages }
  }

  read(size: number): void {
    if (!this.#asked || this.#onTheWay) return
    const { asOf, kept } = this.#asked
    const page = this.#desk.page(this.#isArchived, kept.at(-1)?.rows.at(-1) ?? null, size)
    this.#onTheWay = [...kept, { ...page, asOf }]
  }

  arrive(): void {
    if (!this.#onTheWay) return
    this.pages = this.#onTheWay
    this.#asked = null
    this.#onTheWay = null
  }

  settle(): void {
    this.hear(Number.POSITIVE_INFINITY)
    this.read(2)
    this.arrive()
  }

  shown = () => liveRows(this.pages, this.news.getSnapshot(), this.#isArchived)

  expected(): InboxRow[] {
    const last = this.pages.at(-1)
    const end = last?.next === null ? null : last?.rows.at(-1)
    return this.#desk.list(this.#isArchived).filter((row) => !end || byNewest(row, end) <= 0)
  }
}

const chatIndex = fc.nat({ max: 7 })
const step = fc.oneof(
  fc.record({ do: fc.constant('write' as const), chat: chatIndex, by: fc.constantFrom('user', 'admin') }),
  fc.record({ do: fc.constantFrom('view', 'archive', 'restore', 'erase'), chat: chatIndex }),
  fc.record({ do: fc.constant('hear' as const), count: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('read' as const), size: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constantFrom('ask', 'arrive', 'reconnect') }),
)
type Step = { do: string; chat?: number; by?: string; count?: number; size?: number }

function take(desk: ModelDesk, tab: ModelTab, { do: what, chat = 0, by, count = 1, size = 1 }: Step): void {
  if (what === 'write') desk.write(chat, by === 'admin' ? 'admin' : 'user')
  if (what === 'view') desk.change(chat, { isUnread: false })
  if (what === 'archive') desk.change(chat, { isArchived: true })
  if (what === 'restore') desk.change(chat, { isArchived: false })
  if (what === 'erase') desk.erase(chat)
  if (what === 'hear') tab.hear(count)
  if (what === 'ask') tab.ask()
  if (what === 'read') tab.read(size)
  if (what === 'arrive') tab.arrive()
  if (what === 'reconnect') tab.reconnect()
}

describe('the list of chats', () => {
  test.for([false, true])(
    '[P4] ends equal to the desk’s, whatever arrives when (archived: %s)',
    (isArchived) => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
          const desk = new ModelDesk()
          for (let chat = 0; chat < 6; chat++) desk.write(chat, 'user')
          desk.change(1, { isArchived: true })
          desk.change(4, { isArchived: true })
          const tab = new ModelTab(desk, isArchived)
          tab.reconnect()
          for (const next of steps) take(desk, tab, next)
          tab.settle()
          expect(tab.shown()).toEqual(tab.expected())
        }),
        { numRuns: 2_000 },
      )
    },
  )

  test('a message moves its chat to the top, unread', () => {
    const desk = new ModelDesk()
    for (const chat of [0, 1, 2]) desk.write(chat, 'user')
    desk.change(0, { isUnread: false })
    const tab = new ModelTab(desk, false)
    tab.reconnect()
    tab.settle()
    desk.write(0, 'user')
    tab.hear(1)
    expect(tab.shown()[0]).toMatchObject({ email: 'user0@example.com', isUnread: true, messageCount: 2 })
  })

  test('an erased chat leaves the list, and no late event brings it back', () => {
    const desk = new ModelDesk()
    for (const chat of [0, 1]) desk.write(chat, 'user')
    const tab = new ModelTab(desk, false)
    tab.reconnect()
    tab.settle()
    const [late] = desk.told
    desk.erase(0)
    tab.hear(1)
    if (late) tab.news.hear(late)
    expect(tab.shown().map(({ id }) => id)).toEqual(['chat-01'])
  })

  test('a late event does not undo a newer one', () => {
    const desk = new ModelDesk()
    desk.write(0, 'user')
    desk.write(0, 'user')
    const [first, , second] = desk.told as [AdminEvent, AdminEvent, AdminEvent]
    const news = createNewsDesk(queueMicrotask)
    for (const event of [second, first]) news.hear(event)
    expect(news.getSnapshot().rows.get('chat-00')?.row.messageCount).toBe(2)
  })

  test('a list that was read after a message is not set back by the event of an earlier one', () => {
    const desk = new ModelDesk()
    desk.write(0, 'user')
    const tab = new ModelTab(desk, false)
    tab.reconnect()
    desk.write(0, 'user')
    desk.write(0, 'user')
    tab.read(2)
    tab.arrive()
    const [firstAgain] = desk.told
    if (firstAgain) tab.news.hear(firstAgain)
    expect(tab.shown()[0]?.messageCount).toBe(3)
  })

  test('an event type from a newer desk changes nothing', () => {
    const news = createNewsDesk(queueMicrotask)
    news.hear({ type: 'chat_sparkled', chat_id: 'x' } as unknown as AdminEvent)
    expect(news.getSnapshot().position).toBe(0)
    expect(rowFromEvent({ type: 'constructor' } as unknown as AdminEvent)).toBeNull()
  })

  test('the preview of a message is written on one line, a hundred characters at most', () => {
    const told = { ...message(1, 1, 'A'), content: `one\n\n two ${'😀'.repeat(200)}` }
    const row = rowFromEvent({ type: 'new_user_message', chat_id: 'c', user_email: null, message: told })
    expect(row?.preview).toBe(`one two ${'😀'.repeat(92)}`)
  })

  test('a listed row keeps every fact that a card shows', () => {
    expect(
      rowFrom({
        id: 'c',
        user_id: 'u',
        user_email: null,
        user_name: null,
        last_message_at: null,
        last_message_preview: null,
        last_message_sender: null,
        message_count: 0,
        unread: false,
        archived: true,
      }),
    ).toMatchObject({ id: 'c', isArchived: true, messageCount: 0 })
  })
})
