import { type ExpressionBuilder, type RawBuilder, sql, type Transaction } from 'kysely'
import { lockChats } from '../chats/change.ts'
import { type Chat, selectChats } from '../chats/chat.ts'
import type { Engine } from '../engine.ts'
import { searchIndex } from '../search/search-index.ts'
import { once } from '../store/once.ts'
import { prepareList } from '../store/prepared.ts'
import type { ChatTable, Database } from '../store/schema.ts'
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
  for (const part of parts(ids, engine.store.dialect.rowsPerStatement)) {
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
  for (const part of parts(clientIds, store.dialect.rowsPerStatement)) {
    const rows = await queries(store).attempts.run(
      trx,
      part.map((clientId) => ({ clientId })),
    )
    for (const row of rows) attempts.set(attemptKey(row) ?? '', row)
  }
  return attempts
}

/** Which of these messages are stored, by their ids. */
export async function findStored(
  store: Store,
  trx: Transaction<Database>,
  ids: readonly string[],
): Promise<Map<string, MessageRow>> {
  const stored = new Map<string, MessageRow>()
  for (const part of parts(ids, store.dialect.rowsPerStatement)) {
    const rows = await queries(store).byIds.run(
      trx,
      part.map((id) => ({ id })),
    )
    for (const row of rows) stored.set(row.id, row)
  }
  return stored
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
  for (const part of parts(rows, store.dialect.rowsPerStatement)) {
    await queries(store).insert.run(trx, part)
    await searchIndex(store).add(trx, part)
  }
}

export async function updateChats(
  store: Store,
  trx: Transaction<Database>,
  chats: Iterable<Chat>,
): Promise<void> {
  for (const part of parts([...chats], store.dialect.rowsPerUpdate)) {
    await queries(store).update.run(trx, part)
  }
}

function* parts<T>(rows: readonly T[], most: number): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += most) yield rows.slice(from, from + most)
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

/** The value that each chat of a statement has of a column. */
function ownValue<K extends keyof Chat & keyof ChatTable>(
  of: ExpressionBuilder<Database, 'support_chats'>,
  [first, ...others]: readonly Chat[],
  column: K,
): RawBuilder<Chat[K]> {
  const value = (chat: Chat | undefined) => of.val<string | number | null>(chat?.[column] ?? null)
  if (others.length === 0) return sql`${value(first)}`
  let values = of
    .case('id')
    .when(first?.id ?? '')
    .then(value(first))
  for (const chat of others) values = values.when(chat.id).then(value(chat))
  // What is never reached tells PostgreSQL the type of all the others.
  return sql`${values.else(of.ref(column)).end()}`
}

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
  update: prepareList((chats: Chat[]) =>
    db
      .updateTable('support_chats')
      .set((of) => {
        const own = <K extends keyof Chat & keyof ChatTable>(column: K) => ownValue(of, chats, column)
        return {
          last_seq: own('last_seq'),
          last_message_at: own('last_message_at'),
          last_message_preview: own('last_message_preview'),
          last_message_sender: own('last_message_sender'),
          last_user_seq: own('last_user_seq'),
          archived_at: own('archived_at'),
          updated_at: own('updated_at'),
        }
      })
      .where(
        'id',
        'in',
        chats.map((chat) => chat.id),
      ),
  ),
  byIds: prepareList((messages: { id: string }[]) =>
    db
      .selectFrom('support_messages')
      .selectAll()
      .where(
        'id',
        'in',
        messages.map((message) => message.id),
      ),
  ),
}))
