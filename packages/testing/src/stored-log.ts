import { DatabaseSync } from 'node:sqlite'
import { expect } from 'vitest'
import { Reader } from './chaos/reader.ts'

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
    for (const chat of this.chats()) expectAgreement(chat, this.messages(chat.id))
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }

  #all<T>(sql: string, ...values: string[]): T[] {
    // The rows have no prototype; what they hold is what the schema says.
    return this.#database
      .prepare(sql)
      .all(...values)
      .map((row) => ({ ...row }) as T)
  }
}

/** The same on a database server. */
export class ServerLog implements Disposable {
  readonly #reader: Reader

  constructor(url: string) {
    this.#reader = new Reader(url)
  }

  async messages(chatId: string): Promise<StoredMessage[]> {
    const time = (column: string) => `${this.#reader.time(column)} as ${column}`
    const rows = await this.#reader.query(
      `select id, chat_id, seq, client_id, content, sender_type, sender_id, ${time('read_at')}, ${time('created_at')}
       from support_messages where chat_id = '${chatId}' order by seq`,
    )
    return rows.map((row) => texts(row) as unknown as StoredMessage)
  }

  async expectConsistent(): Promise<void> {
    const times = ['last_message_at', 'archived_at'].map(
      (column) => `${this.#reader.time(column)} as ${column}`,
    )
    const rows = await this.#reader.query(
      `select id, last_seq, last_user_seq, last_message_preview, last_message_sender, admin_viewed_seq,
         user_read_seq, ${times.join(', ')} from support_chats`,
    )
    for (const row of rows) {
      const chat = texts(row) as unknown as StoredChat
      expectAgreement(chat, await this.messages(chat.id))
    }
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]()
  }
}

/** MySQL gives what is kept in a binary collation as bytes, and PostgreSQL large numbers as text. */
function texts(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (name.endsWith('seq')) return [name, Number(value)]
      return [name, Buffer.isBuffer(value) ? value.toString() : value]
    }),
  )
}

/** A chat agrees with its messages. */
function expectAgreement(chat: StoredChat, messages: readonly StoredMessage[]): void {
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

function firstCharacters(content: string): string {
  return Array.from(content.replace(/\s+/gu, ' ')).slice(0, 100).join('')
}
