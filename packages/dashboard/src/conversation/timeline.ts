/** What of a message decides where it stands in the log. */
export interface Placed {
  clientId: string | null
  seq: number | null
  senderType: 'user' | 'admin'
  senderName: string | null
  createdAt: string
}

/** Consecutive messages of one sender, each within five minutes of the one before. */
export interface Group<M extends Placed> {
  key: string
  senderType: 'user' | 'admin'
  senderName: string | null
  messages: M[]
}

/** The groups of one local day; `at` is its first message's time in milliseconds. */
export interface Day<M extends Placed> {
  key: string
  at: number
  groups: Group<M>[]
}

const GROUP_GAP_MS = 5 * 60_000

/** Divides messages, which are in order already, by local day and then by sender. */
export function timeline<M extends Placed>(messages: readonly M[], dayOf: (at: number) => string): Day<M>[] {
  const days: Day<M>[] = []
  let previousAt = Number.NEGATIVE_INFINITY
  for (const message of messages) {
    const at = Date.parse(message.createdAt)
    let day = days.at(-1)
    if (!day || dayOf(at) !== day.key) {
      day = { key: dayOf(at), at, groups: [] }
      days.push(day)
    }
    const group = day.groups.at(-1)
    if (group && isSameSender(group, message) && at - previousAt <= GROUP_GAP_MS) group.messages.push(message)
    else day.groups.push(startGroup(message))
    previousAt = at
  }
  return days
}

/** Stays the same while a message turns from sending into sent. */
export function messageKey({ senderType, clientId, seq }: Placed): string {
  return clientId === null ? `seq ${seq}` : `${senderType} ${clientId}`
}

function startGroup<M extends Placed>(message: M): Group<M> {
  const { senderType, senderName } = message
  return { key: messageKey(message), senderType, senderName, messages: [message] }
}

function isSameSender(group: Group<Placed>, message: Placed): boolean {
  return group.senderType === message.senderType && group.senderName === message.senderName
}
