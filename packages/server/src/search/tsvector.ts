import { type Kysely, sql } from 'kysely'
import { compilable, type Prepared, prepare } from '../store/prepared.ts'
import type { Database } from '../store/schema.ts'
import type { Phrase } from './query.ts'
import type { Found, Indexed, Person, SearchIndex } from './search-index.ts'
import { wordsOf } from './words.ts'

const MESSAGE_WORDS = sql.table('support_message_words')
const USER_WORDS = sql.table('support_user_words')
const CHATS = sql.table('support_chats')
const MESSAGES = sql.table('support_messages')

/** PostgreSQL takes words of up to 2,046 bytes, and positions up to 16,383. */
const LONGEST_WORD = 200
const LAST_POSITION = 16_383
/** What needs no quotes. */
const IS_PLAIN = /^[a-z0-9]{1,200}$/
/** So many places lie between the address and the name of a person that no phrase spans both. */
const GAP = 50

/** PostgreSQL's full-text index; tsvector-tables.ts makes its tables. Words are divided and folded by us alone. */
export class TsvectorIndex implements SearchIndex {
  readonly #db: Kysely<Database>
  readonly #add: Prepared<{ ids: string[]; words: string[] }, unknown>

  constructor(db: Kysely<Database>) {
    this.#db = db
    this.#add = prepare(({ ids, words }) =>
      compilable(
        db,
        // Looked up one by one: a join would be planned by statistics that lag behind a table that grows.
        sql`insert into ${MESSAGE_WORDS} (position, words)
          select (select position from ${MESSAGES} as messages where messages.id = added.id), added.words::tsvector
          from unnest(${ids}::text[], ${words}::text[]) as added (id, words)`,
      ),
    )
  }

  async add(on: Kysely<Database>, messages: readonly Indexed[]): Promise<void> {
    const ids = messages.map(({ id }) => id)
    await this.#add.run(on, { ids, words: messages.map(({ content }) => vector([content])) })
  }

  async addPeople(on: Kysely<Database>, people: readonly Person[]): Promise<void> {
    const ids = people.map(({ id }) => id)
    await sql`insert into ${USER_WORDS} (user_id, words)
      select id, words::tsvector from unnest(${ids}::text[], ${people.map(personVector)}::text[]) as added (id, words)
    `.execute(on)
  }

  async changePerson(on: Kysely<Database>, person: Person): Promise<void> {
    await sql`update ${USER_WORDS} set words = ${personVector(person)}::tsvector where user_id = ${person.id}`.execute(
      on,
    )
  }

  async messages(phrases: readonly Phrase[], before: number, limit: number): Promise<Found[]> {
    const { rows } = await sql<Found>`
      select found.position, messages.chat_id as "chatId"
      from (select position from ${MESSAGE_WORDS}
        where words @@ ${query(phrases)}::tsquery and position < ${before}
        order by position desc limit ${limit}) as found
      join ${MESSAGES} as messages on messages.position = found.position
      order by found.position desc`.execute(this.#db)
    return rows
  }

  async people(phrases: readonly Phrase[], before: number, limit: number): Promise<Found[]> {
    const { rows } = await sql<Found>`
      select found.number as position, chats.id as "chatId"
      from ${USER_WORDS} as found
      join ${CHATS} as chats on chats.user_id = found.user_id
      where found.words @@ ${query(phrases)}::tsquery and found.number < ${before}
      order by found.number desc limit ${limit}`.execute(this.#db)
    return rows
  }

  async peopleAmong(phrases: readonly Phrase[], chatIds: readonly string[]): Promise<string[]> {
    if (chatIds.length === 0) return []
    const { rows } = await sql<{ id: string }>`
      select chats.id from ${CHATS} as chats
      join ${USER_WORDS} as found on found.user_id = chats.user_id
      where chats.id in (${sql.join(chatIds)}) and found.words @@ ${query(phrases)}::tsquery`.execute(
      this.#db,
    )
    return rows.map(({ id }) => id)
  }
}

function personVector({ email, name }: Person): string {
  return vector([email ?? '', name ?? ''])
}

/** The words of some texts with their places, in the language of PostgreSQL: `'hello':1,4 'world':2`. */
function vector(texts: readonly string[]): string {
  const places = new Map<string, number[]>()
  let place = 0
  for (const text of texts) {
    for (const word of wordsOf(text)) {
      place = Math.min(place + 1, LAST_POSITION)
      const kept = lexeme(word.text)
      const known = places.get(kept)
      if (known === undefined) places.set(kept, [place])
      else known.push(place)
    }
    place += GAP
  }
  return Array.from(places, ([word, at]) => `${word}:${at.join(',')}`).join(' ')
}

function query(phrases: readonly Phrase[]): string {
  return phrases
    .map(({ words, isPrefix }) => {
      const lexemes = words.map(lexeme)
      return `(${lexemes.join(' <-> ')}${isPrefix ? ':*' : ''})`
    })
    .join(' & ')
}

/** A word in quotes, so that nothing in it can be taken for the index's own language. */
function lexeme(word: string): string {
  if (IS_PLAIN.test(word)) return word
  return `'${word.slice(0, LONGEST_WORD).toWellFormed().replaceAll(/['\\]/g, ' ')}'`
}
