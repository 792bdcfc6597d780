import { DeskbellError } from '@deskbell/protocol'
import { type Chat, notFound } from '../chats/chat.ts'
import type { Engine } from '../engine.ts'
import { type NotificationRow, noteReplies } from '../notifications/outbox.ts'
import { transaction } from '../store/transaction.ts'
import { attemptKey, findAttempts, findStored, insertMessages, loadChats, updateChats } from './batch.ts'
import type { Attempt } from './batch-statements.ts'
import type { Draft, Sender } from './draft.ts'
import type { MessageRow } from './message.ts'
import { advance, nextPlace } from './place.ts'

export interface Entry {
  /** The id that the message has once it is stored. */
  id: string
  sender: Sender
  draft: Draft
}

/** What one transaction made of one entry. */
export type Committed =
  | {
      outcome: 'stored'
      chat: Chat
      row: MessageRow
      /** Whether the chat's row in the list is new, restored or answered. */
      isRowChanged: boolean
    }
  | { outcome: 'repeated'; row: MessageRow }
  | { outcome: 'refused'; error: DeskbellError }

/** What one transaction made of a batch, and the e-mails that now wait for its replies to be read. */
export interface CommittedBatch {
  results: Committed[]
  notifications: NotificationRow[]
}

/** Stores a batch in one transaction: locks the chats, finds repeats, gives seqs and times, inserts. */
export async function commitBatch(engine: Engine, batch: readonly Entry[]): Promise<CommittedBatch> {
  const { store } = engine
  return await transaction(store, async (trx, attempt) => {
    const chats = await loadChats(store, trx, [...new Set(batch.map(({ draft }) => draft.chatId))].sort())
    const stored = await findAttempts(store, trx, attemptsIn(batch))
    // The connection may have been lost after the commit: the locks are free then, and the messages are there.
    const before = await findStored(store, trx, attempt === 1 ? [] : batch.map(({ id }) => id))
    const now = engine.clock.now() * 1000
    const rows: MessageRow[] = []
    const touched = new Set<Chat>()
    const results = batch.map((entry): Committed => {
      const chat = chats.get(entry.draft.chatId)
      if (chat === undefined) return { outcome: 'refused', error: notFound() }
      const earlier = before.get(entry.id)
      if (earlier !== undefined) return { outcome: 'stored', chat, row: earlier, isRowChanged: true }
      const row = nextRow(chat, entry, now)
      const key = attemptKey(row)
      const first = key === null ? undefined : stored.get(key)
      if (first !== undefined) return repeat(row, first)
      if (key !== null) stored.set(key, row)
      const isRowChanged = chat.last_seq === 0 || chat.archived_at !== null || row.sender_type === 'admin'
      rows.push(row)
      touched.add(advance(chat, row))
      // As it is now, where it will be told: later entries change it further.
      return { outcome: 'stored', chat: isRowChanged ? { ...chat } : chat, row, isRowChanged }
    })
    await insertMessages(store, trx, rows)
    await updateChats(store, trx, touched)
    return { results, notifications: await noteReplies(engine, trx, rows) }
  })
}

function attemptsIn(batch: readonly Entry[]): Attempt[] {
  return batch.flatMap(({ draft: { clientId, chatId } }) => (clientId === null ? [] : { clientId, chatId }))
}

function repeat(row: MessageRow, first: MessageRow): Committed {
  if (first.content === row.content) return { outcome: 'repeated', row: first }
  const error = new DeskbellError('conflict', 'This client_id was used for a message with another content.')
  return { outcome: 'refused', error }
}

function nextRow(chat: Chat, { id, sender, draft }: Entry, now: number): MessageRow {
  return {
    ...nextPlace(chat, now),
    id,
    client_id: draft.clientId,
    content: draft.content,
    sender_type: sender.type,
    sender_id: sender.type === 'admin' ? sender.id : 'user',
    sender_name: sender.name,
    read_at: null,
  }
}
