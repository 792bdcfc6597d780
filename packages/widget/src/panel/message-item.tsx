import type { ClientMessage, Conversation } from '@deskbell/client'
import { isEmojiOnly, linkify } from '@deskbell/client/text'
import type { Words } from '../words/en.ts'
import { type TimeFormats, UNWRITTEN } from './time-formats.ts'

interface MessageItemProps {
  message: ClientMessage
  words: Words
  /** Null for not yet. */
  formats: TimeFormats | null
  isLast: boolean
  /** Whether it is the newest of the user's own messages that is stored. */
  isNewestOwn: boolean
  chat: Conversation
}

/** One message with its time and its state. */
export function MessageItem({ message, words, formats, isLast, isNewestOwn, chat }: MessageItemProps) {
  const { clientId, content, createdAt, senderType, state } = message
  const created = new Date(createdAt)
  const isNamed = isLast || isNewestOwn || state !== 'sent'
  return (
    <li
      class={`message ${senderType} ${state}${isNamed ? ' named' : ''}`}
      part={`message ${senderType}-message`}
    >
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
        <time
          datetime={createdAt}
          onPointerEnter={({ currentTarget }) => {
            if (formats) currentTarget.title = formats.full(created)
          }}
        >
          {formats?.time(created) ?? UNWRITTEN}
        </time>
        {stateName(message, words, isNewestOwn)}
        {state === 'failed' && clientId && (
          <>
            <button type="button" class="link" onClick={() => chat.retry(clientId)}>
              {words.retry}
            </button>
            <button type="button" class="link" onClick={() => chat.discard(clientId)}>
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
