import { type RawBuilder, sql } from 'kysely'
import { type Chat, selectChats } from '../chats/chat.ts'
import { type Columns, prepareColumns } from '../store/prepared.ts'
import type { Store } from '../store/store.ts'
import type { Attempt, BatchStatements } from './batch-statements.ts'
import type { MessageRow } from './message.ts'

// A value for each row would be a statement of thousands of parameters, which takes longer to read than to run.

/** Where a database takes arrays: one value for a column of any number of rows. */
export function arrayStatements({ db }: Store): BatchStatements {
  const lock = prepareColumns((chats: Columns<{ id: string }>) =>
    db
      .selectFrom('support_chats')
      .select('id')
      .where('id', '=', anyOf(chats.id))
      .orderBy('id') // so that two batches never wait for each other
      .forUpdate(),
  )
  const load = prepareColumns((chats: Columns<{ id: string }>) =>
    selectChats(db).where('support_chats.id', '=', anyOf(chats.id)),
  )
  return {
    chats: {
      // A statement that waits for a lock sees the locked row as it is then, and all others as they were before.
      async run(trx, chats) {
        await lock.run(trx, chats)
        return await load.run(trx, chats)
      },
    },
    attempts: prepareColumns(({ clientId, chatId }: Columns<Attempt>) =>
      db
        .selectFrom(
          sql<Attempt>`unnest(${clientId}::text[], ${chatId}::text[])`.as<'wanted'>(
            sql`wanted (client_id, chat_id)`,
          ),
        )
        .innerJoinLateral(
          (of) =>
            of
              .selectFrom('support_messages')
              .selectAll()
              .whereRef('support_messages.client_id', '=', sql.ref('wanted.client_id'))
              .whereRef('support_messages.chat_id', '=', sql.ref('wanted.chat_id'))
              // Keeps the lookups one by one: a table without statistics yet would be read whole for them.
              .offset(sql<number>`0`)
              .as('found'),
          (join) => join.onTrue(),
        )
        .selectAll('found'),
    ),
    stored: prepareColumns((messages: Columns<{ id: string }>) =>
      db.selectFrom('support_messages').selectAll().where('id', '=', anyOf(messages.id)),
    ),
    insert: prepareColumns((messages: Columns<MessageRow>) =>
      db
        .insertInto('support_messages')
        .columns(namesIn(MESSAGE))
        .expression(sql`select * from ${unnest(messages, MESSAGE)}`),
    ),
    update: prepareColumns((chats: Columns<Chat>) =>
      db
        .updateTable('support_chats')
        .from(
          unnest(chats, CHAT).as<'next'>(sql`next (${sql.join(namesIn(CHAT).map((name) => sql.ref(name)))})`),
        )
        .set((of) => ({
          last_seq: of.ref('next.last_seq'),
          last_message_at: of.ref('next.last_message_at'),
          last_message_preview: of.ref('next.last_message_preview'),
          last_message_sender: of.ref('next.last_message_sender'),
          last_user_seq: of.ref('next.last_user_seq'),
          archived_at: of.ref('next.archived_at'),
          updated_at: of.ref('next.updated_at'),
        }))
        .whereRef('support_chats.id', '=', 'next.id'),
    ),
  }
}

type ColumnType = 'text' | 'bigint' | 'timestamptz'

const MESSAGE = {
  id: 'text',
  chat_id: 'text',
  seq: 'bigint',
  client_id: 'text',
  content: 'text',
  sender_type: 'text',
  sender_id: 'text',
  sender_name: 'text',
  read_at: 'timestamptz',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const satisfies Partial<Record<keyof MessageRow, ColumnType>>

const CHAT = {
  id: 'text',
  last_seq: 'bigint',
  last_message_at: 'timestamptz',
  last_message_preview: 'text',
  last_message_sender: 'text',
  last_user_seq: 'bigint',
  archived_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const satisfies Partial<Record<keyof Chat, ColumnType>>

const namesIn = <K extends string>(types: Record<K, ColumnType>) => Object.keys(types) as K[] // its own keys

const anyOf = (ids: readonly string[]) => sql<string>`any(${ids}::text[])`

/** Rows out of their columns. */
function unnest<V extends object, K extends keyof V & string>(
  columns: Columns<V>,
  types: Record<K, ColumnType>,
): RawBuilder<Pick<V, K>> {
  const arrays = namesIn(types).map((name) => sql`${columns[name]}::${sql.raw(types[name])}[]`)
  return sql`unnest(${sql.join(arrays)})`
}
