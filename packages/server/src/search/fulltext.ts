import { type Kysely, type RawBuilder, sql } from 'kysely'
import { compilable, type Prepared, prepareList } from '../store/prepared.ts'
import type { Database } from '../store/schema.ts'
import type { Phrase } from './query.ts'
import type { Found, Indexed, Person, SearchIndex } from './search-index.ts'
import { wordsOf } from './words.ts'

const MESSAGE_WORDS = sql.table('support_message_words')
const USER_WORDS = sql.table('support_user_words')
const CHATS = sql.table('support_chats')
const MESSAGES = sql.table('support_messages')

/**
 * MySQL's full-text index leaves out short words, some English ones and those of more than 84 characters, and divides
 * some scripts where there are no words. What it gets instead has none of that: each word is spelled in ASCII after `zz`.
 */
const PREFIX = 'zz'
const LONGEST_TOKEN = 80
/** Stands between two texts: no phrase goes over it. */
const END = ' . '

/** MySQL's full-text index; fulltext-tables.ts makes its tables. */
export class FulltextIndex implements SearchIndex {
  readonly #db: Kysely<Database>
  readonly #add: Prepared<readonly { id: string; words: string }[], unknown>

  constructor(db: Kysely<Database>) {
    this.#db = db
    this.#add = prepareList((rows: { id: string; words: string }[]) =>
      compilable(
        db,
        sql`insert into ${MESSAGE_WORDS} (position, words)
          select messages.position, added.words
          from (${sql.join(
            rows.map(({ id, words }) => sql`select ${id} as id, ${words} as words`),
            sql` union all `,
          )}) as added
          join ${MESSAGES} as messages on messages.id = added.id collate utf8mb4_bin`,
      ),
    )
  }

  async add(on: Kysely<Database>, messages: readonly Indexed[]): Promise<void> {
    await this.#add.run(
      on,
      messages.map(({ id, content }) => ({ id, words: spelled([content]) })),
    )
  }

  async addPeople(on: Kysely<Database>, people: readonly Person[]): Promise<void> {
    const rows = people.map((person) => sql`(${person.id}, ${personWords(person)})`)
    await sql`insert into ${USER_WORDS} (user_id, words) values ${sql.join(rows)}`.execute(on)
  }

  async changePerson(on: Kysely<Database>, person: Person): Promise<void> {
    await sql`update ${USER_WORDS} set words = ${personWords(person)} where user_id = ${person.id}`.execute(
      on,
    )
  }

  async messages(phrases: readonly Phrase[], before: number, limit: number): Promise<Found[]> {
    const { rows } = await sql<Found>`
      select found.position, messages.chat_id as ${sql.id('chatId')}
      from (select position from ${MESSAGE_WORDS}
        where ${matches(phrases)} and position < ${before}
        order by position desc limit ${limit}) as found
      join ${MESSAGES} as messages on messages.position = found.position
      order by found.position desc`.execute(this.#db)
    return rows
  }

  async people(phrases: readonly Phrase[], before: number, limit: number): Promise<Found[]> {
    const { rows } = await sql<Found>`
      select found.number as position, chats.id as ${sql.id('chatId')}
      from ${USER_WORDS} as found
      join ${CHATS} as chats on chats.user_id = found.user_id
      where ${matches(phrases)} and found.number < ${before}
      order by found.number desc limit ${limit}`.execute(this.#db)
    return rows
  }

  async peopleAmong(phrases: readonly Phrase[], chatIds: readonly string[]): Promise<string[]> {
    if (chatIds.length === 0) return []
    const { rows } = await sql<{ id: string }>`
      select chats.id from ${CHATS} as chats
      join ${USER_WORDS} as found on found.user_id = chats.user_id
      where chats.id in (${sql.join(chatIds)}) and ${matches(phrases)}`.execute(this.#db)
    return rows.map(({ id }) => id)
  }
}

function personWords({ email, name }: Person): string {
  return spelled([email ?? '', name ?? ''])
}

/** The words of some texts, with a space on either side of each. */
function spelled(texts: readonly string[]): string {
  return ` ${texts
    .map((text) =>
      wordsOf(text)
        .map(({ text: word }) => token(word))
        .join(' '),
    )
    .join(END)} `
}

/** Whether all words are there, by the index, and those of a phrase follow each other, by the words themselves. */
function matches(phrases: readonly Phrase[]): RawBuilder<unknown> {
  const all = phrases.flatMap(({ words, isPrefix }) =>
    words.map((word, index) => `+${token(word)}${isPrefix && index === words.length - 1 ? '*' : ''}`),
  )
  const following = phrases
    .filter(({ words }) => words.length > 1)
    .map(({ words, isPrefix }) => ` ${words.map(token).join(' ')}${isPrefix ? '' : ' '}`)
  const together = following.map((phrase) => sql` and locate(${phrase}, words) > 0`)
  return sql`match (words) against (${all.join(' ')} in boolean mode)${sql.join(together, sql``)}`
}

/** A word in ASCII: what begins like another one still does. */
function token(word: string): string {
  let spelling = PREFIX
  for (const unit of word.split('')) {
    const next = /[a-z0-9]/.test(unit) ? unit : `_${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
    if (spelling.length + next.length > LONGEST_TOKEN) break
    spelling += next
  }
  return spelling
}
