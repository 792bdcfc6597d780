import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely'
import { type Chat, selectChats } from '../chats/chat.ts'
import { prepareList } from '../store/prepared.ts'
import type { ChatTable, Database } from '../store/schema.ts'
import type { Store } from '../store/store.ts'
import type { Attempt, BatchStatements } from './batch-statements.ts'
import type { MessageRow } from './message.ts'

/** Where a statement has a value for each column of each row. */
export function listStatements({ db, dialect }: Store): BatchStatements {
  const lock = prepareList((chats: { id: string }[]) =>
    db
      .selectFrom('support_chats')
      .select('id')
      .where(
        'id',
        'in',
        chats.map((chat) => chat.id),
      )
      .orderBy('id') // so that two batches never wait for each other
      .forUpdate(),
  )
  const load = prepareList((chats: { id: string }[]) =>
    selectChats(db).where(
      'support_chats.id',
      'in',
      chats.map((chat) => chat.id),
    ),
  )
  return {
    chats: {
      async run(trx, chats) {
        if (dialect.rowLocks) await lock.run(trx, chats)
        return await load.run(trx, chats)
      },
    },
    attempts: prepareList((attempts: Attempt[]) =>
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
    stored: prepareList((messages: { id: string }[]) =>
      db
        .selectFrom('support_messages')
        .selectAll()
        .where(
          'id',
          'in',
          messages.map((message) => message.id),
        ),
    ),
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
