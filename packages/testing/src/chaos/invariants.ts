import type { SenderType } from '@deskbell/protocol'
import type { Ending, StoredChat, StoredMessage, StoredNotification, View } from './ending.ts'
import type { History, Mark, Operation, Seen } from './history.ts'

export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7'

/** An invariant that did not hold, and what shows that. */
export interface Violation {
  invariant: Invariant
  what: string
  evidence: unknown
}

/** What was noted while things broke; how, does not matter here. */
export type Recorded = Pick<
  History,
  'operations' | 'sightings' | 'seen' | 'marks' | 'sentLooks' | 'loads' | 'overheard'
>

type Found = Omit<Violation, 'invariant'>
type Check = (recorded: Recorded, ending: Ending) => Found[]

/** P4 */
const CAUGHT_UP_MS = 5_000
/** A desk looks into the outbox each second; a busy machine may take its time. */
const LATE_MAIL_MS = 15_000
/** Two clocks on one machine, and what a message takes. */
const CLOCKS_APART_MS = 1_500
/** A reply waits for so long at most before it is mailed. */
const LONGEST_DELAY_MS = 60_000
/** A mail that failed is tried again after an hour at most, and so is one whose address has had its share of the hour. */
const LONGEST_WAIT_MS = 70 * 60_000
const MOST_RSS_BYTES = 400 * 2 ** 20
const MOST_QUEUED = 10_000

const CHECKS: Record<Invariant, Check> = {
  I1: acknowledgedOnce,
  I2: inOneOrder,
  I3: readExactly,
  I4: mailed,
  I5: nothingForeign,
  I6: bounded,
  I7: sentOnlyWhenStored,
}

/** Holds everything that happened against how it ended. */
export function violations(recorded: Recorded, ending: Ending): Violation[] {
  return (Object.keys(CHECKS) as Invariant[]).flatMap((invariant) =>
    CHECKS[invariant](recorded, ending).map((found) => ({ invariant, ...found })),
  )
}

/** I1: what was acknowledged is stored once, as it was shown; the rest at most once, and what was refused not at all. */
function acknowledgedOnce({ operations }: Recorded, { stored }: Ending): Found[] {
  const byAttempt = Map.groupBy(stored.messages, ({ clientId }) => clientId)
  return operations.flatMap((operation) => {
    const copies = byAttempt.get(operation.clientId) ?? []
    const what = wrongWith(operation, copies)
    return what === null ? [] : [{ what, evidence: { operation, copies } }]
  })
}

function wrongWith({ outcome, content, seq }: Operation, copies: readonly StoredMessage[]): string | null {
  if (copies.length > 1) return 'a message is stored twice'
  const [copy] = copies
  switch (outcome) {
    case 'unknown':
      return 'nobody knows what became of a message, although everything has healed'
    case 'failed':
      return copy === undefined ? null : 'a message was refused and is stored'
    case 'ok':
      if (copy === undefined) return 'an acknowledged message is lost'
      return copy.content === content && copy.seq === seq
        ? null
        : 'an acknowledged message is stored as another one'
  }
}

/** I2: one gapless order for everyone, and everyone has all of it soon after the end of the faults. */
function inOneOrder({ operations, sightings }: Recorded, { stored, views }: Ending): Found[] {
  const attempts = new Map(operations.map((operation) => [operation.clientId, operation]))
  const logs = Map.groupBy(stored.messages, ({ chatId }) => chatId)
  const log = (chatId: string) => logs.get(chatId) ?? []
  return [
    ...stored.chats.flatMap((chat) => orderOf(chat, log(chat.id))),
    ...stored.messages
      .filter((message) => isTimeWrong(message, attempts.get(message.clientId ?? '')))
      .map((evidence) => ({ what: 'a message has another time than when it was sent', evidence })),
    ...sightings
      .filter((sighting) => log(sighting.chatId)[sighting.seq - 1]?.clientId !== sighting.clientId)
      .map((evidence) => ({ what: 'a client showed a message where another one is stored', evidence })),
    ...views.flatMap(({ messages, ...view }) => {
      const shown = messages.map(({ seq, clientId, content }) => ({ seq, clientId, content }))
      const all = log(view.chatId).map(({ seq, clientId, content }) => ({ seq, clientId, content }))
      const wanted = all.slice((shown[0]?.seq ?? 1) - 1)
      const isSame = JSON.stringify(shown) === JSON.stringify(wanted)
      const evidence = { ...view, stored: all.length, differences: apart(shown, wanted) }
      const isInTime = view.caughtUpAfterMs !== null && view.caughtUpAfterMs <= CAUGHT_UP_MS
      return [
        ...(isSame ? [] : [{ what: 'a client differs from the database', evidence }]),
        ...(isInTime ? [] : [{ what: `a client had not caught up after ${CAUGHT_UP_MS} ms`, evidence }]),
      ]
    }),
  ]
}

function orderOf(chat: StoredChat, log: readonly StoredMessage[]): Found[] {
  const gap = log.findIndex(({ seq }, index) => seq !== index + 1)
  const back = log.findIndex(({ createdAt }, index) => createdAt <= (log[index - 1]?.createdAt ?? ''))
  const lastUserSeq = log.findLast(({ side }) => side === 'user')?.seq ?? 0
  const isSummedUp = chat.lastSeq === log.length && chat.lastUserSeq === lastUserSeq
  return [
    ...(gap < 0 ? [] : [{ what: 'seqs have a gap', evidence: log.slice(Math.max(0, gap - 1), gap + 1) }]),
    ...(back < 0
      ? []
      : [{ what: 'times do not grow', evidence: log.slice(Math.max(0, back - 1), back + 1) }]),
    ...(isSummedUp ? [] : [{ what: 'a chat disagrees with its messages', evidence: { chat, lastUserSeq } }]),
  ]
}

function isTimeWrong({ createdAt }: StoredMessage, attempt: Operation | undefined): boolean {
  if (attempt === undefined) return false
  const at = Date.parse(createdAt) - performance.timeOrigin
  const { invokedAtMs, answeredAtMs } = attempt
  return at < invokedAtMs - CLOCKS_APART_MS || (answeredAtMs !== null && at > answeredAtMs + CLOCKS_APART_MS)
}

function apart<T>(shown: readonly T[], wanted: readonly T[]) {
  const places = Array.from({ length: Math.max(shown.length, wanted.length) }, (_, index) => index)
  return places
    .map((index) => ({ shown: shown[index], stored: wanted[index] }))
    .filter((pair) => JSON.stringify(pair.shown) !== JSON.stringify(pair.stored))
    .slice(0, 5)
}

/** I3: read and viewed only move forward, never past what somebody had seen then, and unread is what is left. */
function readExactly({ seen, marks }: Recorded, { stored, views, wrongRows }: Ending): Found[] {
  const known = Map.groupBy(
    seen.filter(({ side, isForgotten }) => side === 'user' && !isForgotten),
    ({ chatId }) => chatId,
  )
  return [
    ...wrongMarks(seen, marks),
    ...stored.chats.flatMap((chat) => wronglyUnread(chat, stored.messages, known.get(chat.id) ?? [], views)),
    ...wrongRows.map((evidence) => ({ what: 'an admin’s list differs from the database', evidence })),
  ]
}

/** Both are in the order of their time. */
function wrongMarks(seen: readonly Seen[], marks: readonly Mark[]): Found[] {
  const before = new Map<string, Mark>()
  const furthest = new Map<string, number>()
  const through = (chatId: string, side: SenderType) => furthest.get(`${chatId} ${side}`) ?? 0
  let next = 0
  return marks.flatMap((mark) => {
    for (let one = seen[next]; one !== undefined && one.atMs <= mark.atMs; one = seen[++next]) {
      furthest.set(`${one.chatId} ${one.side}`, Math.max(through(one.chatId, one.side), one.through))
    }
    const { chatId, userReadSeq, adminViewedSeq } = mark
    const last = before.get(chatId) ?? mark
    before.set(chatId, mark)
    const wentBack = userReadSeq < last.userReadSeq || adminViewedSeq < last.adminViewedSeq
    const isTooFar = userReadSeq > through(chatId, 'user') || adminViewedSeq > through(chatId, 'admin')
    return [
      ...(wentBack ? [{ what: 'read or viewed went back', evidence: { before: last, mark } }] : []),
      ...(isTooFar ? [{ what: 'read or viewed covers what nobody had seen', evidence: mark }] : []),
    ]
  })
}

function wronglyUnread(
  chat: StoredChat,
  messages: readonly StoredMessage[],
  known: readonly Seen[],
  views: readonly View[],
): Found[] {
  const replies = messages.filter(({ chatId, side }) => chatId === chat.id && side === 'admin')
  const unread = replies.filter(({ seq }) => seq > chat.userReadSeq)
  const seenThrough = known.reduce((most, { through }) => Math.max(most, through), 0)
  const forgotten = unread.filter(({ seq }) => seq <= seenThrough)
  const odd = replies.filter(({ seq, readAt }) => (readAt === null) !== seq > chat.userReadSeq)
  const wrong = views.filter(
    (view) => view.chatId === chat.id && view.side === 'user' && view.unreadCount !== unread.length,
  )
  return [
    ...forgotten.map((evidence) => ({ what: 'what was read counts as unread', evidence })),
    ...odd.map((evidence) => ({ what: 'a message’s read_at disagrees with its chat', evidence })),
    ...wrong.map(({ client, unreadCount }) => ({
      what: 'a client counts other unread messages than the database',
      evidence: { client, unreadCount, stored: unread.map(({ seq }) => seq) },
    })),
  ]
}

/** I4: of each reply that is still unread, its user was told by mail, or why not is on record, or its time is to come. */
function mailed(_recorded: Recorded, { stored, mails }: Ending): Found[] {
  const taken = new Set(mails.map(({ messageId }) => messageId.replace(/^<|@.*$/g, '')))
  const rows = Map.groupBy(stored.notifications, ({ chatId }) => chatId)
  return stored.chats.flatMap((chat) =>
    stored.messages
      .filter(({ chatId, side, seq }) => chatId === chat.id && side === 'admin' && seq > chat.userReadSeq)
      .flatMap((reply) => {
        const decisions = (rows.get(chat.id) ?? []).filter((row) => isAbout(row, reply.seq))
        if (decisions.some((row) => isToldOf(row, taken, stored.now))) return []
        return [{ what: 'nobody was told of an unread reply', evidence: { reply, decisions } }]
      }),
  )
}

function isAbout({ state, fromSeq, throughSeq }: StoredNotification, seq: number): boolean {
  // Later replies join the row that waits.
  return fromSeq <= seq && (seq <= throughSeq || state === 'pending')
}

function isToldOf(row: StoredNotification, taken: ReadonlySet<string>, now: string): boolean {
  switch (row.state) {
    case 'sent':
      return taken.has(`${row.chatId}.${row.fromSeq}-${row.throughSeq}`)
    case 'skipped':
      return row.reason !== null && row.reason !== 'read'
    case 'failed':
      return false
    case 'pending': {
      const time = (ms: number) => new Date(Date.parse(now) + ms).toISOString()
      const since = time(-LATE_MAIL_MS)
      const isPutOff = row.reason === 'limited' || row.reason === 'retrying'
      if (row.dueAt > time(isPutOff ? LONGEST_WAIT_MS : LONGEST_DELAY_MS)) return false
      return row.dueAt > since || (row.leasedUntil !== null && row.leasedUntil > since)
    }
  }
}

/** I5: nobody has anything that was not written in their chat, or learns what only admins may know. */
function nothingForeign({ operations, overheard }: Recorded, { stored, views, mails }: Ending): Found[] {
  const attempts = new Map(operations.map((operation) => [operation.clientId, operation]))
  const emails = new Map(stored.chats.map(({ id, email }) => [id, email]))
  const isWritten = ({
    chatId,
    clientId,
    content,
  }: Pick<StoredMessage, 'chatId' | 'clientId' | 'content'>) => {
    const attempt = attempts.get(clientId ?? '')
    return attempt?.chatId === chatId && attempt.content === content
  }
  return [
    ...overheard.map((evidence) => ({ what: 'somebody heard of a chat that is not theirs', evidence })),
    ...stored.messages
      .filter((message) => !isWritten(message))
      .map((evidence) => ({ what: 'a message is stored that nobody wrote in this chat', evidence })),
    ...views.flatMap(({ client, chatId, side, messages }) =>
      messages
        .filter((one) => !isWritten({ ...one, chatId }) || (side === 'user' && one.senderId !== undefined))
        .map((message) => ({ what: 'a client has what is not for it', evidence: { client, message } })),
    ),
    ...mails
      .filter(({ messageId, to }) => to.join() !== emails.get(messageId.slice(1).split('.')[0] ?? ''))
      .map((evidence) => ({ what: 'a mail went to somebody else', evidence })),
  ]
}

/** I6: memory and queues stay small, and nothing waits any more in the end. */
function bounded({ loads }: Recorded): Found[] {
  const last = [...Map.groupBy(loads, ({ desk }) => desk).values()].flatMap((all) => all.at(-1) ?? [])
  const waiting = ({ queues }: Recorded['loads'][number]) => Math.max(0, ...Object.values(queues))
  return [
    ...loads
      .filter((load) => load.rssBytes > MOST_RSS_BYTES || waiting(load) > MOST_QUEUED)
      .map((evidence) => ({ what: 'a desk holds too much', evidence })),
    ...last
      .filter((load) => waiting(load) > 0)
      .map((evidence) => ({ what: 'something waits in a desk that has nothing to do', evidence })),
  ]
}

/** I7: what a client showed as sent was in the database already. */
function sentOnlyWhenStored({ sentLooks }: Recorded): Found[] {
  return sentLooks
    .filter(({ isStored }) => !isStored)
    .map((evidence) => ({ what: 'a message was shown as sent before it was stored', evidence }))
}
