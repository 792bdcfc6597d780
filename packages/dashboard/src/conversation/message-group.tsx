import type { ClientMessage, Conversation } from '@deskbell/client'
import { type Group, isEmojiOnly, keyOf } from '@deskbell/client/text'
import type { SupportNotification } from '@deskbell/protocol'
import { memo } from 'react'
import { useDesk } from '../desk/desk.ts'
import { useWords } from '../words/words.ts'
import { MailState } from './mail-state.tsx'
import type { Mails } from './mails.ts'
import { MessageState } from './message-state.tsx'
import { Text } from './text.tsx'
import { type Speaker, speakerOf } from './turns.ts'

interface MessageGroupProps {
  group: Group<ClientMessage>
  userName: string
  latest: { sent: number; seen: number }
  mails: Mails
  /** The message that a search led to. */
  foundSeq: number | undefined
  conversation: Conversation
}

/** What one sender said in one go: the user's on the left, the team's on the right. */
export function MessageGroup({ group, userName, latest, mails, foundSeq, conversation }: MessageGroupProps) {
  const { chat } = useWords()
  const { me } = useDesk()
  const speaker = speakerOf(group, me)
  const isUser = speaker === 'user'
  const names = { user: userName, me: chat.you, colleague: group.senderName ?? chat.support }
  return (
    <div className={`mt-3 flex flex-col gap-1 ${isUser ? 'items-start' : 'items-end'}`}>
      <p className={isUser ? 'sr-only' : 'px-1 text-xs font-medium text-muted'}>
        <bdi>{names[speaker]}</bdi>
      </p>
      {group.messages.map((message) => (
        <Message
          key={keyOf(message)}
          message={message}
          look={lookOf(message, speaker)}
          isFound={foundSeq !== undefined && message.seq === foundSeq}
          isStateShown={message.seq === latest.sent || message.seq === latest.seen}
          mails={mails.get(message.seq ?? 0) ?? NO_MAILS}
          conversation={conversation}
        />
      ))}
    </div>
  )
}

const NO_MAILS: readonly SupportNotification[] = []

const LOOKS = {
  user: 'bg-bubble text-ink rounded-ss-md',
  colleague: 'bg-soft text-ink rounded-se-md',
  me: 'bg-fill text-on-fill rounded-se-md [&_a]:text-on-fill',
  sending: 'bg-soft text-muted rounded-se-md',
  failed: 'bg-red-soft text-ink rounded-se-md',
}

function lookOf({ state }: ClientMessage, speaker: Speaker): keyof typeof LOOKS {
  return state === 'sent' ? speaker : state
}

/** Where a stored message is found on the page. */
export const messageId = (seq: number | null): string | undefined =>
  seq === null ? undefined : `message-${seq}`

interface MessageProps {
  message: ClientMessage
  look: keyof typeof LOOKS
  isFound: boolean
  isStateShown: boolean
  mails: readonly SupportNotification[]
  conversation: Conversation
}

const Message = memo(function Message({
  message,
  look,
  isFound,
  isStateShown,
  mails,
  conversation,
}: MessageProps) {
  const { moments } = useWords()
  const at = Date.parse(message.createdAt)
  const isUser = look === 'user'
  const size = isEmojiOnly(message.content) ? 'text-[1.75rem] leading-9' : ''
  return (
    <div
      id={messageId(message.seq)}
      className={`flex max-w-[88%] flex-col gap-0.5 ${isUser ? 'items-start' : 'items-end'}`}
    >
      <div className={`flex max-w-full items-end gap-2 ${isUser ? '' : 'flex-row-reverse'}`}>
        <div
          dir="auto"
          data-state={message.state}
          data-found={isFound || undefined}
          className={`min-w-0 rounded-2xl px-3.5 py-2 whitespace-pre-wrap transition-colors duration-200 [overflow-wrap:anywhere] [unicode-bidi:isolate] data-found:outline-2 data-found:outline-offset-2 data-found:outline-accent ${LOOKS[look]} ${size}`}
        >
          <Text content={message.content} />
        </div>
        <time
          dateTime={message.createdAt}
          title={moments.full(at)}
          className="shrink-0 pb-1 text-xs text-muted"
        >
          {moments.time(at)}
        </time>
      </div>
      {!isUser && (
        <div className="flex max-w-full flex-wrap justify-end gap-x-2">
          <MessageState message={message} isShown={isStateShown} conversation={conversation} />
          {mails.map((notification) => (
            <MailState key={notification.id} notification={notification} message={message} />
          ))}
        </div>
      )}
    </div>
  )
})
