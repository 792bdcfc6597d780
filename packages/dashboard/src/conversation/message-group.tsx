import type { ClientMessage } from '@deskbell/client'
import { useDesk } from '../desk/desk.ts'
import { useWords } from '../words/words.ts'
import { isEmojiOnly, withLinks } from './links.ts'
import { type Group, messageKey } from './timeline.ts'

interface MessageGroupProps {
  group: Group<ClientMessage>
  userName: string
  latest: { sent: number; seen: number }
  retry(clientId: string): void
  discard(clientId: string): void
}

/** What one sender said in one go: the user's on the left, the team's on the right. */
export function MessageGroup({ group, userName, latest, retry, discard }: MessageGroupProps) {
  const { chat } = useWords()
  const { me } = useDesk()
  const isUser = group.senderType === 'user'
  // An unsent message has no name yet, and nobody else's can be unsent here.
  const isMine = !isUser && (group.senderName === me.name || group.messages[0]?.seq === null)
  const colleague = isMine ? chat.you : (group.senderName ?? chat.support)
  return (
    <div className={`mt-3 flex flex-col gap-1 ${isUser ? 'items-start' : 'items-end'}`}>
      <p className="px-1 text-xs font-medium text-muted">
        <bdi>{isUser ? userName : colleague}</bdi>
      </p>
      {group.messages.map((message) => (
        <Message
          key={messageKey(message)}
          message={message}
          look={lookOf(message, isMine)}
          latest={latest}
          retry={retry}
          discard={discard}
        />
      ))}
    </div>
  )
}

const LOOKS = {
  user: 'bg-bubble text-ink rounded-ss-md',
  colleague: 'bg-soft text-ink rounded-se-md',
  mine: 'bg-fill text-on-fill rounded-se-md [&_a]:text-on-fill',
  sending: 'bg-soft text-muted rounded-se-md',
  failed: 'bg-red-soft text-ink rounded-se-md',
}

function lookOf({ senderType, state }: ClientMessage, isMine: boolean): keyof typeof LOOKS {
  if (senderType === 'user') return 'user'
  if (state !== 'sent') return state
  return isMine ? 'mine' : 'colleague'
}

interface MessageProps extends Pick<MessageGroupProps, 'latest' | 'retry' | 'discard'> {
  message: ClientMessage
  look: keyof typeof LOOKS
}

function Message({ message, look, latest, retry, discard }: MessageProps) {
  const { moments } = useWords()
  const at = Date.parse(message.createdAt)
  const isUser = look === 'user'
  const isLarge = isEmojiOnly(message.content)
  return (
    <div className={`flex max-w-[88%] flex-col gap-0.5 ${isUser ? 'items-start' : 'items-end'}`}>
      <div className={`flex max-w-full items-end gap-2 ${isUser ? '' : 'flex-row-reverse'}`}>
        <div
          dir="auto"
          data-state={message.state}
          className={`min-w-0 rounded-2xl px-3.5 py-2 whitespace-pre-wrap transition-colors duration-200 [overflow-wrap:anywhere] [unicode-bidi:isolate] ${LOOKS[look]} ${isLarge ? 'text-[1.75rem] leading-9' : ''}`}
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
      {!isUser && <State message={message} latest={latest} retry={retry} discard={discard} />}
    </div>
  )
}

function Text({ content }: { content: string }) {
  return withLinks(content).map(({ text, href }, index) =>
    href === null ? (
      text
    ) : (
      <a
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a message never change places
        key={index}
        href={href}
        target="_blank"
        rel="noopener noreferrer nofollow"
        className="text-accent underline underline-offset-2"
      >
        {text}
      </a>
    ),
  )
}

type StateProps = Omit<MessageProps, 'look'>

function State({ message, latest, retry, discard }: StateProps) {
  const words = useWords()
  const { state, clientId, seq, readAt } = message
  if (state === 'sending') return <span className="px-1 text-xs text-muted">{words.message.sending}</span>
  if (state === 'failed' && clientId) {
    return (
      <div className="flex items-center gap-1 text-xs">
        <span className="px-1 font-medium text-red">{words.message.notSent}</span>
        <StateButton label={words.message.retry} onClick={() => retry(clientId)} />
        <StateButton label={words.message.discard} onClick={() => discard(clientId)} />
      </div>
    )
  }
  if (readAt) {
    const at = words.moments.full(Date.parse(readAt))
    return (
      <span
        title={words.message.seenAt(at)}
        className={seq === latest.seen ? 'px-1 text-xs text-muted' : 'sr-only'}
      >
        {words.message.seen}
      </span>
    )
  }
  return (
    <span className={seq === latest.sent ? 'px-1 text-xs text-muted' : 'sr-only'}>{words.message.sent}</span>
  )
}

function StateButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      className="pressable h-7 rounded-md px-2 font-semibold text-ink underline underline-offset-2 hover:bg-hover pointer-coarse:h-11"
      onClick={onClick}
    >
      {label}
    </button>
  )
}
