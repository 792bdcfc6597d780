import { DatabaseSync } from 'node:sqlite'
import { expect } from 'vitest'

/** A chat as it lies in the database, read without any code of the desk. */
export interface StoredChat {
  id: string
  last_seq: number
  last_user_seq: number
  last_message_at: string | null
  last_message_preview: string | null
  last_message_sender: string | null
  admin_viewed_seq: number
  user_read_seq: number
  archived_at: string | null
}

export interface StoredMessage {
  id: string
  chat_id: string
  seq: number
  client_id: string | null
  content: string
  sender_type: string
  sender_id: string
  read_at: string | null
  created_at: string
}

/** A database file, opened on its own to see what is really there. */
export class StoredLog implements Disposable {
  readonly #database: DatabaseSync

  constructor(file: string) {
    this.#database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  }

  chats(): StoredChat[] {
    return this.#all<StoredChat>('select * from support_chats order by id')
  }

  messages(chatId: string): StoredMessage[] {
    return this.#all<StoredMessage>('select * from support_messages where chat_id = ? order by seq', chatId)
  }

  /** Nothing is broken, and every chat agrees with its messages. */
  expectConsistent(): void {
    expect(this.#all('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(this.#all('pragma foreign_key_check')).toEqual([])
    for (const chat of this.chats()) this.#expectChat(chat)
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }

  #expectChat(chat: StoredChat): void {
    const messages = this.messages(chat.id)
    const last = messages.at(-1)
    expect(
      messages.map(({ seq }) => seq),
      'seqs have no gaps',
    ).toEqual(messages.map((_, index) => index + 1))
    const times = messages.map(({ created_at }) => created_at)
    expect(times, 'times only grow').toEqual([...new Set(times)].toSorted())
    expect(chat, 'the chat agrees with its messages').toMatchObject({
      last_seq: messages.length,
      last_user_seq: messages.findLast(({ sender_type }) => sender_type === 'user')?.seq ?? 0,
      last_message_at: last?.created_at ?? null,
      last_message_sender: last?.sender_type ?? null,
      last_message_preview: last === undefined ? null : firstCharacters(last.content),
    })
    expect(chat.admin_viewed_seq).toBeLessThanOrEqual(chat.last_seq)
    expect(chat.user_read_seq).toBeLessThanOrEqual(chat.last_seq)
  }

  #all<T>(sql: string, ...values: string[]): T[] {
    // The rows have no prototype; what they hold is what the schema says.
    return this.#database
      .prepare(sql)
      .all(...values)
      .map((row) => ({ ...row }) as T)
  }
}

function firstCharacters(content: string): string {
  return Array.from(content.replace(/\s+/gu, ' ')).slice(0, 100).join('')
}
