import { DeskbellError, type SearchHit, type SearchMatch } from '@deskbell/protocol'
import { type Chat, listItem, selectChats } from '../chats/chat.ts'
import type { Store } from '../store/store.ts'
import { excerptOf } from './excerpt.ts'
import { type Phrase, parseQuery } from './query.ts'
import { type SearchIndex, searchIndex } from './search-index.ts'

/** One page of what was found; `next` is the cursor of the following one. */
export interface SearchPage {
  hits: SearchHit[]
  next: string | null
}

/** Where the page before ended: among the people, or among the messages that were there when the search began. */
type Place = { among: 'people'; before: number } | { among: 'messages'; before: number; newest: number }

/** A chat and where it was found: as a person, or by positions of messages, newest first. */
interface FoundChat {
  id: string
  position: number
  messages: number[]
}

/**
 * Messages that are looked at first, by how much more each time, and at most for one page: beginning to look costs as
 * much as a few hundred messages, and a search must not keep the desk from its work.
 */
const FIRST_SLICE = 250
const SLICE_GROWTH = 4
const MAX_LOOKED_AT = 20_000
/** Messages that are shown of one chat. */
const MAX_SHOWN = 3
const END = Number.MAX_SAFE_INTEGER

/**
 * Finds chats: first those of people whose name and address have everything that was typed, then those with a message
 * that has it. Newest first in both, each chat once, `limit` at a time. Throws `invalid` for a cursor that is not ours.
 */
export async function search(
  store: Store,
  { typed, limit, cursor }: { typed: string; limit: number; cursor: string | null },
): Promise<SearchPage> {
  const phrases = parseQuery(typed)
  const place: Place = cursor === null ? { among: 'people', before: END } : parseCursor(cursor)
  if (phrases.length === 0) return { hits: [], next: null }
  const index = searchIndex(store)
  const people = place.among === 'people' ? await findPeople(index, phrases, place.before, limit) : []
  if (people.length > limit) {
    const shown = people.slice(0, limit)
    return page(store, phrases, shown, { among: 'people', before: shown.at(-1)?.position ?? 0 })
  }
  const from = place.among === 'messages' ? place : { before: END, newest: END - 1 }
  const { chats, newest } = await findMessages(index, phrases, from, limit - people.length + 1)
  const hasMore = people.length + chats.length > limit
  const shown = [...people, ...chats].slice(0, limit)
  const before = chats.at(-2)?.position ?? newest + 1
  return page(store, phrases, shown, hasMore ? { among: 'messages', before, newest } : null)
}

async function findPeople(
  index: SearchIndex,
  phrases: readonly Phrase[],
  before: number,
  limit: number,
): Promise<FoundChat[]> {
  const found = await index.people(phrases, before, limit + 1)
  return found.map(({ chatId, position }) => ({ id: chatId, position, messages: [] }))
}

/**
 * The first chats whose newest found message stands before a place. Looking begins at the newest message of all pages,
 * because what an earlier page showed is not to be shown again.
 */
async function findMessages(
  index: SearchIndex,
  phrases: readonly Phrase[],
  from: { before: number; newest: number },
  wanted: number,
): Promise<{ chats: FoundChat[]; newest: number }> {
  const seen = new Map<string, FoundChat>()
  const chats: FoundChat[] = []
  let { newest } = from
  let before = newest + 1
  for (let slice = FIRST_SLICE, lookedAt = 0; lookedAt < MAX_LOOKED_AT; slice *= SLICE_GROWTH) {
    const found = await index.messages(phrases, before, slice)
    if (lookedAt === 0) newest = found[0]?.position ?? 0
    const isNew = (chatId: string) => !seen.has(chatId)
    const isPerson = new Set(
      await index.peopleAmong(phrases, [...new Set(found.map(({ chatId }) => chatId))].filter(isNew)),
    )
    for (const { chatId: id, position } of found) {
      const known = seen.get(id)
      known?.messages.push(position)
      if (known !== undefined) continue
      const chat = { id, position, messages: [position] }
      seen.set(id, chat)
      if (position < from.before && !isPerson.has(id)) chats.push(chat)
    }
    lookedAt += found.length
    before = found.at(-1)?.position ?? 0
    if (found.length < slice || chats.length >= wanted) break
  }
  return { chats: chats.slice(0, wanted), newest }
}

async function page(
  store: Store,
  phrases: readonly Phrase[],
  found: readonly FoundChat[],
  next: Place | null,
): Promise<SearchPage> {
  const ids = found.map(({ id }) => id)
  const chats =
    ids.length === 0 ? [] : await selectChats(store.db).where('support_chats.id', 'in', ids).execute()
  const byId = new Map(chats.map((chat) => [chat.id, chat]))
  const contents = await contentMatches(store, phrases, found)
  const hits = found.flatMap(({ id, messages }): SearchHit[] => {
    const chat = byId.get(id)
    // Erased since it was found.
    if (chat === undefined) return []
    const matches = messages.length > 0 ? contents.filter((one) => one.chatId === id) : []
    return [
      {
        chat: listItem(chat),
        matches: messages.length > 0 ? matches.map(({ match }) => match) : personMatches(chat, phrases),
      },
    ]
  })
  return { hits, next: next === null ? null : cursorOf(next) }
}

function personMatches(chat: Chat, phrases: readonly Phrase[]): SearchMatch[] {
  const fields = { email: chat.user_email, name: chat.user_name }
  return (['name', 'email'] as const).flatMap((field) => {
    const excerpt = excerptOf(fields[field] ?? '', phrases)
    return excerpt === null ? [] : [{ field, ...excerpt }]
  })
}

async function contentMatches(store: Store, phrases: readonly Phrase[], found: readonly FoundChat[]) {
  const positions = found.flatMap(({ messages }) => messages.slice(0, MAX_SHOWN))
  if (positions.length === 0) return []
  const rows = await store.db
    .selectFrom('support_messages')
    .select(['chat_id', 'seq', 'sender_type', 'sender_name', 'created_at', 'content'])
    .where('position', 'in', positions)
    .orderBy('position', 'desc')
    .execute()
  return rows.map(({ chat_id, content, ...message }) => {
    const around = excerptOf(content, phrases) ?? { excerpt: '', highlights: [] }
    const match: SearchMatch = { field: 'content', ...message, ...around }
    return { chatId: chat_id, match }
  })
}

function cursorOf(place: Place): string {
  const numbers = place.among === 'people' ? [place.before] : [place.before, place.newest]
  return Buffer.from(JSON.stringify(numbers)).toString('base64url')
}

function parseCursor(cursor: string): Place {
  try {
    const [before, newest, ...more] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (isPosition(before) && newest === undefined) return { among: 'people', before }
    if (isPosition(before) && isPosition(newest) && more.length === 0) {
      return { among: 'messages', before, newest }
    }
  } catch {
    // Falls through: whatever it is, it is not a cursor of ours.
  }
  throw new DeskbellError('invalid', 'cursor must be one that a Link header gave.')
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
