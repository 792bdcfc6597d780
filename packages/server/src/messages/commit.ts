import { DeskbellError, type SupportMessage } from '@deskbell/protocol'
import type { Transaction } from 'kysely'
import { lockChats } from '../chats/change.ts'
import { type Chat, notFound, selectChats } from '../chats/chat.ts'
import type { Engine } from '../engine.ts'
import { once } from '../store/once.ts'
import { prepare, prepareList } from '../store/prepared.ts'
import type { Database } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { micros, timestamp } from '../store/time.ts'
import { type Draft, preview, type Sender } from './draft.ts'
import { type MessageRow, message } from './message.ts'

export interface Entry {
  sender: Sender
  draft: Draft
}

/** What one transaction made of one entry. */
export type Committed =
  | {
      outcome: 'stored'
      chat: Chat
      message: SupportMessage /** the row is new, restored or answered */
      movedChat: boolean
    }
  | { outcome: 'repeated'; message: SupportMessage }
  | { outcome: 'refused'; error: DeskbellError }

/** Stores a batch in one transaction: locks the chats, finds repeats, gives seqs and times, inserts. */
export async function commitBatch(engine: Engine, batch: readonly Entry[]): Promise<Committed[]> {
  return await engine.store.db.transaction().execute(async (trx) => {
    const chats = await loadChats(engine, trx, batch)
    const stored = await findRepeats(engine.store, trx, batch)
    const now = engine.clock.now() * 1000
    const inserts: MessageRow[] = []
    const touched = new Set<Chat>()
    const results = batch.map((entry): Committed => {
      const chat = chats.get(entry.draft.chatId)
      if (chat === undefined) return { outcome: 'refused', error: notFound() }
      const key = attemptKey(entry)
      const first = key === null ? undefined : stored.get(key)
      if (first !== undefined) return repeat(entry, first)
      const isMoved = chat.last_seq === 0 || chat.archived_at !== null || entry.sender.type === 'admin'
      const row = nextRow(engine, chat, entry, now)
      if (key !== null) stored.set(key, row)
      inserts.push(row)
      touched.add(advance(chat, row))
      return { outcome: 'stored', chat: { ...chat }, message: message(row), movedChat: isMoved }
    })
    await write(engine.store, trx, inserts, touched)
    return results
  })
}

function repeat({ draft }: Entry, first: MessageRow): Committed {
  if (first.content === draft.content) return { outcome: 'repeated', message: message(first) }
  const error = new DeskbellError('conflict', 'This client_id was used for a message with another content.')
  return { outcome: 'refused', error }
}

function nextRow(engine: Engine, chat: Chat, { sender, draft }: Entry, now: number): MessageRow {
  // Later than the message before it, whatever the clock says.
  const previous = chat.last_message_at === null ? 0 : micros(chat.last_message_at)
  const at = timestamp(Math.max(now, previous + 1))
  return {
    id: engine.newId(),
    chat_id: chat.id,
    seq: chat.last_seq + 1,
    client_id: draft.clientId,
    content: draft.content,
    sender_type: sender.type,
    sender_id: senderId(sender),
    sender_name: sender.name,
    read_at: null,
    created_at: at,
    updated_at: at,
  }
}

/** The chat as it is once `row` is its newest message. */
function advance(chat: Chat, row: MessageRow): Chat {
  chat.last_seq = row.seq
  chat.last_message_at = row.created_at
  chat.last_message_preview = preview(row.content)
  chat.last_message_sender = row.sender_type
  chat.updated_at = row.created_at
  if (row.sender_type === 'user') {
    chat.last_user_seq = row.seq
    chat.archived_at = null
  }
  return chat
}

async function loadChats(
  engine: Engine,
  trx: Transaction<Database>,
  batch: readonly Entry[],
): Promise<Map<string, Chat>> {
  const ids = [...new Set(batch.map(({ draft }) => draft.chatId))].sort()
  await lockChats(engine, trx, ids)
  const { chats } = queries(engine.store)
  const rows: Chat[] = []
  for (const part of parts(
    engine.store,
    ids.map((id) => ({ id })),
  ))
    rows.push(...(await chats.run(trx, part)))
  return new Map(rows.map((chat) => [chat.id, chat]))
}

async function findRepeats(
  store: Store,
  trx: Transaction<Database>,
  batch: readonly Entry[],
): Promise<Map<string, MessageRow>> {
  const clientIds = [...new Set(batch.flatMap(({ draft }) => draft.clientId ?? []))]
  const rows: MessageRow[] = []
  for (const part of parts(
    store,
    clientIds.map((clientId) => ({ clientId })),
  )) {
    rows.push(...(await queries(store).attempts.run(trx, part)))
  }
  return new Map(
    rows.map((row) => [`${row.chat_id} ${row.sender_type} ${row.sender_id} ${row.client_id}`, row]),
  )
}

async function write(
  store: Store,
  trx: Transaction<Database>,
  inserts: MessageRow[],
  touched: Set<Chat>,
): Promise<void> {
  const { insert, update } = queries(store)
  for (const part of parts(store, inserts)) await insert.run(trx, part)
  for (const chat of touched) await update.run(trx, chat)
}

const senderId = (sender: Sender) => (sender.type === 'admin' ? sender.id : 'user')

function attemptKey({ sender, draft }: Entry): string | null {
  return draft.clientId && `${draft.chatId} ${sender.type} ${senderId(sender)} ${draft.clientId}`
}

function* parts<T>({ dialect }: Store, rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += dialect.rowsPerStatement) {
    yield rows.slice(from, from + dialect.rowsPerStatement)
  }
}

const queries = once(({ db }: Store) => ({
  chats: prepareList((chats: { id: string }[]) =>
    selectChats(db).where(
      'support_chats.id',
      'in',
      chats.map((chat) => chat.id),
    ),
  ),
  attempts: prepareList((attempts: { clientId: string }[]) =>
    db
      .selectFrom('support_messages')
      .selectAll()
      .where(
        'client_id',
        'in',
        attempts.map((attempt) => attempt.clientId),
      ),
  ),
  insert: prepareList((rows: MessageRow[]) =>
    db.insertInto('support_messages').values(
      rows.map(
        ({
          id,
          chat_id,
          seq,
          client_id,
          content,
          sender_type,
          sender_id,
          sender_name,
          read_at,
          created_at,
          updated_at,
        }) => ({
          id,
          chat_id,
          seq,
          client_id,
          content,
          sender_type,
          sender_id,
          sender_name,
          read_at,
          created_at,
          updated_at,
        }),
      ),
    ),
  ),
  update: prepare((chat: Chat) =>
    db
      .updateTable('support_chats')
      .set({
        last_seq: chat.last_seq,
        last_message_at: chat.last_message_at,
        last_message_preview: chat.last_message_preview,
        last_message_sender: chat.last_message_sender,
        last_user_seq: chat.last_user_seq,
        archived_at: chat.archived_at,
        updated_at: chat.updated_at,
      })
      .where('id', '=', chat.id),
  ),
}))
