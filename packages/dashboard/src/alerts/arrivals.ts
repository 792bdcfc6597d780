import type { InboxRow } from '../inbox/rows.ts'

/** Remembers what an inbox has shown, and finds what has come in since. */
export class Arrivals {
  readonly #heard = new Map<string, number>()
  #since: string | null = null

  /** The rows in which a user wrote since the last time; none at the first. */
  among(rows: readonly InboxRow[]): InboxRow[] {
    this.#since ??= rows[0]?.lastMessageAt ?? ''
    const since = this.#since
    const fresh = rows.filter(
      (row) =>
        // A page of older chats brings what is not known here and still is not new.
        row.isUnread &&
        (row.lastMessageAt ?? '') > since &&
        row.messageCount > (this.#heard.get(row.id) ?? 0),
    )
    for (const row of rows) this.#heard.set(row.id, row.messageCount)
    return fresh
  }
}
