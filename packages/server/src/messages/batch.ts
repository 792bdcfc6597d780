import type { Transaction } from 'kysely'
import { lockChats } from '../chats/change.ts'
import { type Chat, selectChats } from '../chats/chat.ts'
import type { Engine } from '../engine.ts'
import { searchIndex } from '../search/search-index.ts'
import { once } from '../store/once.ts'
import { prepare, prepareList } from '../store/prepared.ts'
import type { Database } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import type { MessageRow } from './message.ts'

// The SQL of one group commit: a handful of statements whatever the size of the batch.

/** Locks and loads the chats of a batch; `ids` are in order, so that two batches never wait for each other. */
export async function loadChats(
  engine: Engine,
  trx: Transaction<Database>,
  ids: readonly string[],
): Promise<Map<string, Chat>> {
  await lockChats(engine, trx, ids)
  const chats = new Map<string, Chat>()
  for (const part of parts(engine.store, ids)) {
    const rows = await queries(engine.store).chats.run(
      trx,
      part.map((id) => ({ id })),
    )
    for (const chat of rows) chats.set(chat.id, chat)
  }
  return chats
}

/** What earlier attempts with these client ids stored, by `attemptKey`. */
export async function findAttempts(
  store: Store,
  trx: Transaction<Database>,
  clientIds: readonly string[],
): Promise<Map<string, MessageRow>> {
  const attempts = new Map<string, MessageRow>()
  for (const part of parts(store, clientIds)) {
    const rows = await queries(store).attempts.run(
      trx,
      part.map((clientId) => ({ clientId })),
    )
    for (const row of rows) attempts.set(attemptKey(row) ?? '', row)
  }
  return attempts
}

/** What makes two attempts the same: chat, sender and client_id. Null when the sender gave none. */
export function attemptKey({ chat_id, sender_type, sender_id, client_id }: MessageRow): string | null {
  return client_id && `${chat_id} ${sender_type} ${sender_id} ${client_id}`
}

export async function insertMessages(
  store: Store,
  trx: Transaction<Database>,
  rows: readonly MessageRow[],
): Promise<void> {
  for (const part of parts(store, rows)) {
    await queries(store).insert.run(trx, part)
    await searchIndex(store).add(trx, part.length)
  }
}

export async function updateChats(
  store: Store,
  trx: Transaction<Database>,
  chats: Iterable<Chat>,
): Promise<void> {
  for (const chat of chats) await queries(store).update.run(trx, chat)
}

function* parts<T>({ dialect }: Store, rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += dialect.rowsPerStatement) {
    yield rows.slice(from, from + dialect.rowsPerStatement)
  }
}

const MESSAGE_COLUMNS = [
  'id',
  'chat_id',
  'seq',
  'client_id',
  'content',
  'sender_type',
  'sender_id',
  'sender_name',
  'read_at',
  'created_at',
  'updated_at',
] as const satisfies (keyof MessageRow)[]

const pick = <T extends object, K extends keyof T>(row: T, columns: readonly K[]) =>
  Object.fromEntries(columns.map((column) => [column, row[column]])) as Pick<T, K>

const queries = once(({ db, dialect }: Store) => ({
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
    db
      .insertInto('support_messages')
      .$if(dialect.insertOrFail, (insert) => insert.orFail())
      .values(rows.map((row) => pick(row, MESSAGE_COLUMNS))),
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
