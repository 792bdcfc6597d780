import type { ClientMessage } from '@deskbell/client'
import { isEmojiOnly, linkify } from '@deskbell/client/text'
import type { Words } from '../words/en.ts'

/** Made once for all messages: making a formatter takes longer than drawing a message. */
export interface TimeFormats {
  time: Intl.DateTimeFormat
  full: Intl.DateTimeFormat
}

export function timeFormats(locale: string): TimeFormats {
  return {
    time: new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }),
    full: new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }),
  }
}

interface MessageItemProps {
  message: ClientMessage
  words: Words
  formats: TimeFormats
  isLast: boolean
  /** Whether it is the newest of the user's own messages that is stored. */
  isNewestOwn: boolean
  onRetry(clientId: string): void
  onDelete(clientId: string): void
}

/** One message with its time and its state. */
export function MessageItem({
  message,
  words,
  formats,
  isLast,
  isNewestOwn,
  onRetry,
  onDelete,
}: MessageItemProps) {
  const { clientId, content, createdAt, senderType, state } = message
  const created = new Date(createdAt)
  const isNamed = isLast || isNewestOwn || state !== 'sent'
  return (
    <li class={`message ${senderType} ${state}`} part={`message ${senderType}-message`}>
      <div
        class={isEmojiOnly(content) ? 'bubble emoji' : 'bubble'}
        part={`bubble ${senderType}-bubble ${state}-bubble`}
      >
        {/* Its own direction is that of its text; on which side it stands is the panel's. */}
        <p dir="auto">
          {linkify(content).map(({ text, href }) =>
            href ? (
              <a href={href} target="_blank" rel="noopener noreferrer nofollow">
                {text}
              </a>
            ) : (
              text
            ),
          )}
        </p>
      </div>
      <p class={isNamed ? 'meta' : 'meta aside'}>
        <time datetime={createdAt} title={formats.full.format(created)}>
          {formats.time.format(created)}
        </time>
        {stateName(message, words, isNewestOwn)}
        {state === 'failed' && clientId && (
          <>
            <button type="button" class="link" onClick={() => onRetry(clientId)}>
              {words.retry}
            </button>
            <button type="button" class="link" onClick={() => onDelete(clientId)}>
              {words.delete}
            </button>
          </>
        )}
      </p>
    </li>
  )
}

function stateName({ state, error }: ClientMessage, words: Words, isNewestOwn: boolean) {
  switch (state) {
    case 'sending':
      return <span>{words.sending}</span>
    case 'failed':
      return <strong>{error?.code === 'too_large' ? words.tooLong : words.notSent}</strong>
    case 'sent':
      return isNewestOwn && <span>{words.sent}</span>
  }
}
