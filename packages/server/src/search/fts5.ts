import { type Kysely, type RawBuilder, sql } from 'kysely'
import { compilable, type Prepared, prepare } from '../store/prepared.ts'
import type { Database } from '../store/schema.ts'
import type { Phrase } from './query.ts'
import type { Found, Indexed, SearchIndex } from './search-index.ts'

const MESSAGE_WORDS = sql.table('support_message_words')
const USER_WORDS = sql.table('support_user_words')
const NUMBERS = sql.table('support_user_numbers')

/** SQLite's own full-text index; fts5-tables.ts makes its tables and triggers. */
export class Fts5Index implements SearchIndex {
  readonly #db: Kysely<Database>
  readonly #add: Prepared<{ count: number }, never>

  constructor(db: Kysely<Database>) {
    this.#db = db
    this.#add = prepare(({ count }) => compilable(db, addition(count)))
  }

  async add(on: Kysely<Database>, { length }: readonly Indexed[]): Promise<void> {
    await this.#add.run(on, { count: length })
  }

  // Triggers see to people: unlike messages, they come one by one.
  async addPeople(): Promise<void> {}
  async changePerson(): Promise<void> {}

  async messages(phrases: readonly Phrase[], before: number, limit: number): Promise<Found[]> {
    // The index finds in the order of its rows, and a cross join keeps SQLite from trying another order.
    const { rows } = await sql<Found>`
      select found.position, messages.chat_id as "chatId"
      from (select rowid as position from ${MESSAGE_WORDS}
        where ${MESSAGE_WORDS} match ${match(phrases)} and rowid < ${before}
        order by rowid desc limit ${limit}) as found
      cross join ${sql.table('support_messages')} as messages on messages.position = found.position
      order by found.position desc`.execute(this.#db)
    return rows
  }

  async people(phrases: readonly Phrase[], before: number, limit: number): Promise<Found[]> {
    const { rows } = await sql<Found>`
      select found.position, chats.id as "chatId"
      from (select rowid as position from ${USER_WORDS}
        where ${USER_WORDS} match ${match(phrases)} and rowid < ${before}
        order by rowid desc) as found
      cross join ${NUMBERS} as numbers on numbers.number = found.position
      cross join ${sql.table('support_chats')} as chats on chats.user_id = numbers.user_id
      order by found.position desc limit ${limit}`.execute(this.#db)
    return rows
  }

  async peopleAmong(phrases: readonly Phrase[], chatIds: readonly string[]): Promise<string[]> {
    if (chatIds.length === 0) return []
    const { rows } = await sql<{ id: string }>`
      select chats.id from ${sql.table('support_chats')} as chats
      cross join ${NUMBERS} as numbers on numbers.user_id = chats.user_id
      cross join ${USER_WORDS} on ${USER_WORDS}.rowid = numbers.number
      where chats.id in (${sql.join(chatIds)}) and ${USER_WORDS} match ${match(phrases)}`.execute(this.#db)
    return rows.map(({ id }) => id)
  }
}

/** Not by a trigger: inside one, the index would be written to the file at each row instead of once at the commit. */
function addition(count: number): RawBuilder<never> {
  const messages = sql.table('support_messages')
  return sql`insert into ${MESSAGE_WORDS} (rowid, words) select position, deskbell_words(content) from ${messages}
    where position > (select max(position) from ${messages}) - ${count}`
}

/** Every word stands in quotes, so that none of them can be taken for the index's own language. */
function match(phrases: readonly Phrase[]): string {
  return phrases
    .map(({ words, isPrefix }) => `"${words.join(' ').replaceAll('"', ' ')}"${isPrefix ? '*' : ''}`)
    .join(' AND ')
}
