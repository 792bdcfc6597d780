import type { NotificationReason } from '@deskbell/protocol'
import type { decisionLog } from '../notifications/decisions.ts'

type LoggedDecision = Awaited<ReturnType<typeof decisionLog>>[number]

const NOT_SENT: Readonly<Record<NotificationReason, string>> = {
  read: 'read',
  archived: 'the chat is archived',
  unsubscribed: 'unsubscribed',
  no_address: 'no address',
  suppressed: 'the address refused an earlier e-mail',
  refused: 'refused',
  gave_up: 'given up after a day of attempts',
  looking: 'has the chat open',
  limited: 'the address has had its share of this hour',
  retrying: 'the last attempt failed',
}

/** One line of the log: when, to whom, about which messages, and what became of it. */
export function decisionLine(decision: LoggedDecision): string {
  const { from_seq, through_seq, at } = decision
  const who = decision.address ?? decision.user_email ?? decision.external_id
  const about = from_seq === through_seq ? `message ${from_seq}` : `messages ${from_seq}–${through_seq}`
  return `${minute(at)}  ${who}  ${about}: ${verdict(decision)}`
}

function verdict({ state, reason, detail, at, read_at }: LoggedDecision): string {
  const why = reason === null ? '' : NOT_SENT[reason]
  const said = detail === null ? '' : `: ${detail}`
  switch (state) {
    case 'sent':
      return 'e-mailed'
    case 'skipped':
      return reason === 'read' && read_at !== null
        ? `not e-mailed: read at ${minute(read_at)}`
        : `not e-mailed: ${why}`
    case 'failed':
      return `could not be delivered (${why})${said}`
    case 'pending':
      return `waits until ${minute(at)}${why === '' ? '' : ` (${why})`}${said}`
  }
}

const minute = (time: string) => `${time.slice(0, 10)} ${time.slice(11, 16)}Z`
