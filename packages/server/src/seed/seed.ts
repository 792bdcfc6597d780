import type { Transaction } from 'kysely'
import { v7 } from 'uuid'
import type { Chat } from '../chats/chat.ts'
import { VISITOR_ID_PREFIX } from '../identity/caller.ts'
import { insertMessages, updateChats } from '../messages/batch.ts'
import type { MessageRow } from '../messages/message.ts'
import { advance, nextPlace } from '../messages/place.ts'
import { searchIndex } from '../search/search-index.ts'
import type { Database } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { micros, timestamp } from '../store/time.ts'
import { transaction } from '../store/transaction.ts'
import { Seeded } from './seeded.ts'
import { type Story, stories, words } from './story.ts'

export interface Plan {
  users: number
  messages: number
  /** The same seed and `until` make the same desk. */
  seed: number
  /** When the last message may have been sent, in milliseconds since 1970. */
  until: number
}

/** Rows of one transaction. */
const BATCH = 10_000
const DAY_MS = 86_400_000
/** Microseconds from an answer to its being read. */
const READ_AFTER = 60_000_000

interface Told {
  story: Story
  chat: Chat
  spoken: number
}

/** Fills a store with a believable year of a support team; `told` hears how many messages are stored. */
export async function seedDesk(store: Store, plan: Plan, told: (messages: number) => void): Promise<void> {
  const random = new Seeded(plan.seed)
  const all = stories(random, plan.users, plan.messages, plan.until).map(
    (story, index): Told => ({ story, chat: newChat(random, plan, story, index), spoken: 0 }),
  )
  for (const part of parts(all)) {
    await transaction(store, async (trx) => await insertPeople(store, trx, part))
  }
  let stored = 0
  // In the order in which it all happened, as a desk would have stored it.
  for (const part of parts(happenings(all))) {
    const rows = part.map(({ told, at }) => say(random, told, at))
    await transaction(store, async (trx) => await insertMessages(store, trx, rows))
    stored += rows.length
    told(stored)
  }
  for (const part of parts(all)) {
    for (const { story, chat } of part) conclude(random, story, chat, plan.until)
    await transaction(store, async (trx) => await updatePlaces(store, trx, part))
  }
}

function newChat(random: Seeded, { seed, until }: Plan, story: Story, index: number): Chat {
  const at = timestamp(Math.floor((story.times[0] ?? until) * 1000))
  const id = () => v7({ msecs: Math.floor(story.times[0] ?? until), random: random.bytes(16) })
  return {
    id: id(),
    user_id: id(),
    external_id: `${story.isVisitor ? VISITOR_ID_PREFIX : ''}seed-${seed}-${index + 1}`,
    user_email: story.email,
    user_name: story.name,
    user_locale: story.cast.locale,
    last_message_at: null,
    last_message_preview: null,
    last_message_sender: null,
    admin_viewed_at: null,
    archived_at: null,
    archived: 0,
    unread: 0,
    last_seq: 0,
    last_user_seq: 0,
    admin_viewed_seq: 0,
    user_read_seq: 0,
    created_at: at,
    updated_at: at,
  }
}

async function insertPeople(store: Store, trx: Transaction<Database>, part: readonly Told[]): Promise<void> {
  for (let from = 0; from < part.length; from += store.dialect.rowsPerStatement) {
    const chats = part.slice(from, from + store.dialect.rowsPerStatement).map(({ chat }) => chat)
    const stamps = ({ created_at, updated_at }: Chat) => ({ created_at, updated_at })
    await trx
      .insertInto('support_users')
      .values(
        chats.map((chat) => ({
          id: chat.user_id,
          external_id: chat.external_id,
          email: chat.user_email,
          name: chat.user_name,
          locale: chat.user_locale,
          ...stamps(chat),
        })),
      )
      .execute()
    await searchIndex(store).addPeople(
      trx,
      chats.map((chat) => ({ id: chat.user_id, email: chat.user_email, name: chat.user_name })),
    )
    await trx
      .insertInto('support_chats')
      .values(
        chats.map((chat) => ({
          id: chat.id,
          user_id: chat.user_id,
          last_seq: 0,
          last_user_seq: 0,
          admin_viewed_seq: 0,
          user_read_seq: 0,
          ...stamps(chat),
        })),
      )
      .execute()
  }
}

/** Who says something next, over all chats. */
function happenings(all: readonly Told[]): { told: Told; at: number }[] {
  return all.flatMap((told) => told.story.times.map((at) => ({ told, at }))).sort((a, b) => a.at - b.at)
}

function say(random: Seeded, told: Told, at: number): MessageRow {
  const { story, chat } = told
  const isAnswer = story.isAnswer[told.spoken++] === true
  const place = nextPlace(chat, Math.floor(at * 1000))
  const id = v7({ msecs: Math.floor(at), random: random.bytes(16) })
  const isRead = isAnswer && place.seq <= readThrough(story)
  const row: MessageRow = {
    ...place,
    id,
    client_id: id,
    content: words(random, story, isAnswer),
    sender_type: isAnswer ? 'admin' : 'user',
    sender_id: isAnswer ? story.admin.toLowerCase() : 'user',
    sender_name: isAnswer ? story.admin : story.name,
    read_at: isRead ? timestamp(micros(place.created_at) + READ_AFTER) : null,
  }
  advance(chat, row)
  return row
}

/** Whoever writes has read what stands before it. */
function readThrough({ isAnswer }: Story): number {
  return isAnswer.lastIndexOf(false) + 1
}

/** What became of the chat: what was seen of it, and whether it was put aside. */
function conclude(random: Seeded, story: Story, chat: Chat, until: number): void {
  const last = story.times.at(-1) ?? until
  const isRecent = until - last < 7 * DAY_MS
  const isOpen = chat.last_message_sender === 'user' && isRecent && random.chance(0.6)
  chat.user_read_seq = readThrough(story)
  chat.admin_viewed_seq = isOpen ? story.isAnswer.lastIndexOf(true) + 1 : chat.last_seq
  if (chat.admin_viewed_seq > 0) chat.admin_viewed_at = chat.last_message_at
  if (!isRecent && chat.last_seq > 0 && random.chance(0.7)) {
    chat.archived_at = timestamp(Math.floor(Math.min(last + DAY_MS, until) * 1000))
  }
}

async function updatePlaces(store: Store, trx: Transaction<Database>, part: readonly Told[]): Promise<void> {
  const chats = part.map(({ chat }) => chat)
  await updateChats(store, trx, chats)
  for (const { id, admin_viewed_at, admin_viewed_seq, user_read_seq } of chats) {
    await trx
      .updateTable('support_chats')
      .set({ admin_viewed_at, admin_viewed_seq, user_read_seq })
      .where('id', '=', id)
      .execute()
  }
}

function* parts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += BATCH) yield all.slice(from, from + BATCH)
}
