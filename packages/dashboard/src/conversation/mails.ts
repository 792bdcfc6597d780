import type { ClientMessage } from '@deskbell/client'
import type { SupportNotification } from '@deskbell/protocol'

/** E-mails by the seq of the message under which they stand: the last one that they are about. */
export type Mails = ReadonlyMap<number, readonly SupportNotification[]>

export function mailsOf(
  messages: readonly ClientMessage[],
  notifications: readonly SupportNotification[],
): Mails {
  const mails = new Map<number, SupportNotification[]>()
  for (const notification of notifications) {
    const seq =
      notification.state === 'pending' ? lastUnread(messages, notification) : notification.through_seq
    if (seq !== undefined) mails.set(seq, [...(mails.get(seq) ?? []), notification])
  }
  return mails
}

/** Later replies join an e-mail that waits; there will be none once all of them are read. */
function lastUnread(
  messages: readonly ClientMessage[],
  { from_seq }: SupportNotification,
): number | undefined {
  const last = messages.findLast(({ senderType, seq }) => senderType === 'admin' && seq !== null)
  return last !== undefined && last.readAt === null && (last.seq ?? 0) >= from_seq
    ? (last.seq ?? 0)
    : undefined
}
