import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { createSupportChat } from '@deskbell/client'
import type { InboxRow } from '../../dashboard/src/inbox/rows.ts'
import { type DeskProcess, startDesk, tokenOf } from './desk-process.ts'
import { differences } from './list-differences.ts'
import { LossyNetwork } from './lossy-network.ts'
import { type Did, Team } from './team.ts'
import { until } from './until.ts'

export interface ColleaguesOptions {
  admins: number
  users: number
  seconds: number
}

/** What a day at the desk came to. */
export interface ColleaguesCount extends Did {
  /** Messages that the users sent, and chats that there are at the end. */
  messages: number
  chats: number
  /** Rows of all admins' lists that were compared. */
  rows: number
  /** How long after everyone had stopped the last list was right. */
  rightAfterMs: number
  /** How lists that were not right within 5 s differ from the database. */
  wrong: string[]
}

/** Chats of people who say one thing and are gone, so that a list has pages. */
const QUIET_CHATS = 250
const AT_ONCE = 25
/** P4 */
const WITHIN_MS = 5_000

/** A desk with so many admins and users at work for so long; in the end each admin's list is held against the database. */
export async function workTogether({ admins, users, seconds }: ColleaguesOptions): Promise<ColleaguesCount> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbell-colleagues-'))
  const file = join(folder, 'desk.db')
  try {
    await using desk = await startDesk({ databaseUrl: `sqlite:${file}` })
    await quietChats(desk)
    await using crowd = new Crowd(desk)
    await Promise.all(Array.from({ length: users }, () => crowd.join()))
    await using team = new Team(desk.url, 'all', (userId) => crowd.leave(userId))
    await team.begin(admins)
    await delay(seconds * 1000)
    const did = await team.stop()
    await crowd.stop()
    return { ...did, messages: crowd.sent, ...(await compared(team, file)) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function quietChats(desk: DeskProcess): Promise<void> {
  const say = async (name: string) => {
    const headers = { authorization: `Bearer ${tokenOf(name)}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ content: `Hello, I am ${name}.` })
    await fetch(`${desk.url}/api/support_chat/messages`, { method: 'POST', headers, body })
  }
  for (let from = 0; from < QUIET_CHATS; from += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => say(`quiet-${from + index}`)))
  }
}

/** The users: each writes now and then, reads what comes, and loses the connection sometimes. */
class Crowd implements AsyncDisposable {
  readonly #desk: DeskProcess
  readonly #here = new Map<string, { leave(): void; finish(): Promise<void> }>()
  #joined = 0
  sent = 0

  constructor(desk: DeskProcess) {
    this.#desk = desk
  }

  async join(): Promise<void> {
    const name = `user-${++this.#joined}`
    const network = new LossyNetwork()
    const chat = createSupportChat({
      ...{ baseUrl: `${this.#desk.url}/api`, cableUrl: this.#desk.cableUrl, token: tokenOf(name) },
      ...{ fetch: network.fetch, WebSocket: network.WebSocket, signals: network.signals },
    })
    const over = new AbortController()
    const pause = (mostMs: number) =>
      delay(Math.random() * mostMs, undefined, { signal: over.signal }).catch(() => {})
    const write = async () => {
      while (!over.signal.aborted) {
        await pause(8_000)
        if (over.signal.aborted) return
        this.sent++
        chat.send(`Question ${this.sent} of ${name}: is it in stock?`)
        if (Math.random() < 0.3) chat.markRead()
        if (Math.random() < 0.05) network.cut()
      }
    }
    await chat.open()
    const written = write()
    const isSending = () => chat.getSnapshot().messages.some(({ state }) => state === 'sending')
    this.#here.set(name, {
      leave: () => {
        over.abort()
        chat.close()
      },
      async finish() {
        over.abort()
        await written
        await until(`${name} has sent everything`, () => !isSending())
      },
    })
  }

  /** Whoever is erased is gone, and somebody else comes. */
  leave(name: string): void {
    const person = this.#here.get(name)
    if (person === undefined) return
    person.leave()
    this.#here.delete(name)
    void this.join()
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#here.values()].map((person) => person.finish()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const person of this.#here.values()) person.leave()
  }
}

async function compared(team: Team, file: string) {
  const fromMs = performance.now()
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
  try {
    for (;;) {
      const shown = await team.shown()
      const stored = storedRows(database)
      const wrong = shown.flatMap((lists, index) =>
        differences(lists, stored).map((text) => `admin ${index}: ${text}`),
      )
      const rightAfterMs = performance.now() - fromMs
      if (wrong.length === 0 || rightAfterMs > WITHIN_MS) {
        const rows = shown.reduce(
          (sum, { active, archived }) => sum + active.rows.length + archived.rows.length,
          0,
        )
        return { chats: stored.length, rows, rightAfterMs, wrong }
      }
      await delay(20)
    }
  } finally {
    database.close()
  }
}

/** All rows as they lie in the database, in the order of the list, read without any code of the desk. */
function storedRows(database: DatabaseSync): InboxRow[] {
  const rows = database
    .prepare(
      `select c.id, u.email, u.name, c.last_message_at as lastMessageAt, c.last_message_preview as preview,
         c.last_message_sender as lastSender, c.last_seq as messageCount,
         c.last_user_seq > c.admin_viewed_seq as isUnread, c.archived_at is not null as isArchived
       from support_chats c join support_users u on u.id = c.user_id
       order by c.last_message_at desc nulls last, c.id desc`,
    )
    .all()
  return rows.map((row) => ({
    ...(row as unknown as InboxRow),
    isUnread: row.isUnread === 1,
    isArchived: row.isArchived === 1,
  }))
}
