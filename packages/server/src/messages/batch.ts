import type { Transaction } from 'kysely'
import type { Chat } from '../chats/chat.ts'
import { searchIndex } from '../search/search-index.ts'
import type { Database } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import { type Attempt, batchStatements } from './batch-statements.ts'
import type { MessageRow } from './message.ts'

/** Locks and loads the chats of a batch; `ids` are in order, so that two batches never wait for each other. */
export async function loadChats(
  store: Store,
  trx: Transaction<Database>,
  ids: readonly string[],
): Promise<Map<string, Chat>> {
  const chats = new Map<string, Chat>()
  for (const part of parts(ids, store.dialect.rowsPerStatement)) {
    const rows = await batchStatements(store).chats.run(
      trx,
      part.map((id) => ({ id })),
    )
    for (const chat of rows) chats.set(chat.id, chat)
  }
  return chats
}

/** What earlier attempts stored, by `attemptKey`. */
export async function findAttempts(
  store: Store,
  trx: Transaction<Database>,
  attempts: readonly Attempt[],
): Promise<Map<string, MessageRow>> {
  const stored = new Map<string, MessageRow>()
  for (const part of parts(attempts, store.dialect.rowsPerStatement)) {
    const rows = await batchStatements(store).attempts.run(trx, part)
    for (const row of rows) stored.set(attemptKey(row) ?? '', row)
  }
  return stored
}

/** Which of these messages are stored, by their ids. */
export async function findStored(
  store: Store,
  trx: Transaction<Database>,
  ids: readonly string[],
): Promise<Map<string, MessageRow>> {
  const stored = new Map<string, MessageRow>()
  for (const part of parts(ids, store.dialect.rowsPerStatement)) {
    const rows = await batchStatements(store).stored.run(
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
    await batchStatements(store).insert.run(trx, part)
    await searchIndex(store).add(trx, part)
  }
}

export async function updateChats(
  store: Store,
  trx: Transaction<Database>,
  chats: Iterable<Chat>,
): Promise<void> {
  for (const part of parts([...chats], store.dialect.rowsPerUpdate)) {
    await batchStatements(store).update.run(trx, part)
  }
}

function* parts<T>(rows: readonly T[], most: number): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += most) yield rows.slice(from, from + most)
}
