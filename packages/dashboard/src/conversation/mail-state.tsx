import type { ClientMessage } from '@deskbell/client'
import type { SupportNotification } from '@deskbell/protocol'
import { Icon } from '../icons.tsx'
import { useNow } from '../words/now.ts'
import { useWords, type Words } from '../words/words.ts'

interface MailStateProps {
  notification: SupportNotification
  message: ClientMessage
}

/** What became of the e-mail about a message, or when there will be one. */
export function MailState({ notification, message }: MailStateProps) {
  const words = useWords()
  const now = useNow()
  const tone = toneOf(notification)
  return (
    <p className={`mb-1 px-1 text-end text-xs text-balance [overflow-wrap:anywhere] ${LOOKS[tone]}`}>
      <Icon name={tone === 'calm' ? 'mail' : 'warning'} className="me-1 inline size-3.5 align-[-0.15em]" />
      <span>{said(notification, message, words, now)}</span>
    </p>
  )
}

const LOOKS = { calm: 'text-muted', alarmed: 'font-medium text-red', worried: 'font-medium text-amber' }

/** A reply that reaches nobody is not to be overlooked. */
function toneOf({ state, reason }: SupportNotification): keyof typeof LOOKS {
  if (state === 'failed') return 'alarmed'
  return reason === 'suppressed' || reason === 'retrying' ? 'worried' : 'calm'
}

function said(
  { state, reason, detail, at }: SupportNotification,
  { createdAt, readAt }: ClientMessage,
  { mail, moments }: Words,
  now: number,
): string {
  const [decided, written] = [Date.parse(at), Date.parse(createdAt)]
  // What a mail server says is in a language of its own.
  const why = `\u2068${detail ?? ''}\u2069`
  const until = moments.until(decided, now)
  switch (reason) {
    case 'read':
      return mail.readAt(moments.beside(readAt === null ? decided : Date.parse(readAt), written))
    case 'archived':
      return mail.archived
    case 'unsubscribed':
      return mail.unsubscribed
    case 'no_address':
      return mail.noAddress
    case 'suppressed':
      return mail.suppressed
    case 'refused':
      return mail.refused(why)
    case 'gave_up':
      return mail.gaveUp(why)
    case 'looking':
      return mail.looking(until)
    case 'limited':
      return mail.limited(until)
    case 'retrying':
      return mail.retrying(until, why)
    case null:
      if (state === 'sent') return mail.sentAt(moments.beside(decided, written))
      return decided > now ? mail.waits(until) : mail.onItsWay
  }
}
