import type { Chat } from '../chats/chat.ts'
import { once } from '../store/once.ts'
import type { Prepared } from '../store/prepared.ts'
import { arrayStatements } from './array-statements.ts'
import { listStatements } from './list-statements.ts'
import type { MessageRow } from './message.ts'

/** By what a repeated message is found; others may have used the same client_id, in the same chat too. */
export interface Attempt {
  clientId: string
  chatId: string
}

/** The SQL of one group commit: a handful of statements whatever the size of the batch. */
export interface BatchStatements {
  /** Locks chats, where rows have locks, and loads them. */
  chats: Prepared<readonly { id: string }[], Chat>
  /** What earlier attempts stored. */
  attempts: Prepared<readonly Attempt[], MessageRow>
  /** Messages by their ids. */
  stored: Prepared<readonly { id: string }[], MessageRow>
  insert: Prepared<readonly MessageRow[], unknown>
  /** Writes what a message changes of its chat. */
  update: Prepared<readonly Chat[], unknown>
}

export const batchStatements = once(
  (store): BatchStatements => (store.dialect.takesArrays ? arrayStatements(store) : listStatements(store)),
)
