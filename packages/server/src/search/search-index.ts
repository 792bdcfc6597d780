import type { Kysely } from 'kysely'
import { once } from '../store/once.ts'
import type { Database } from '../store/schema.ts'
import { Fts5Index } from './fts5.ts'
import { FulltextIndex } from './fulltext.ts'
import type { Phrase } from './query.ts'
import { TsvectorIndex } from './tsvector.ts'

/** Someone, or a message, that has all the phrases; later ones have greater positions. */
export interface Found {
  position: number
  chatId: string
}

/** A message that has just been inserted. */
export interface Indexed {
  id: string
  content: string
}

/** A person by the desk's own id. */
export interface Person {
  id: string
  email: string | null
  name: string | null
}

/** What a database offers to find texts by their words. It is kept up to date with the rows, in their transaction. */
export interface SearchIndex {
  /** Takes in all messages that this transaction has just inserted. */
  add(on: Kysely<Database>, messages: readonly Indexed[]): Promise<void>
  /** Takes in people that were just inserted. */
  addPeople(on: Kysely<Database>, people: readonly Person[]): Promise<void>
  /** Takes in the address and the name that someone has from now on. */
  changePerson(on: Kysely<Database>, person: Person): Promise<void>
  /** Messages before a position, newest first. */
  messages(phrases: readonly Phrase[], before: number, limit: number): Promise<Found[]>
  /** The chats of people before a position whose name and address have the phrases between them, newest first. */
  people(phrases: readonly Phrase[], before: number, limit: number): Promise<Found[]>
  /** Those of these chats whose people would be found. */
  peopleAmong(phrases: readonly Phrase[], chatIds: readonly string[]): Promise<string[]>
}

/** The search index of a store. */
export const searchIndex = once((store): SearchIndex => {
  switch (store.dialect.fullText) {
    case 'fts5':
      return new Fts5Index(store.db)
    case 'tsvector':
      return new TsvectorIndex(store.db)
    case 'fulltext':
      return new FulltextIndex(store.db)
  }
})
