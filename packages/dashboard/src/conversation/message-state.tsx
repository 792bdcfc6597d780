import type { ClientMessage, Conversation } from '@deskbell/client'
import { useWords } from '../words/words.ts'

interface MessageStateProps {
  message: ClientMessage
  /** Where it is not shown, it is still told: a column of "Seen" would only be noise to the eye. */
  isShown: boolean
  conversation: Conversation
}

/** What became of an admin's message. */
export function MessageState({ message, isShown, conversation }: MessageStateProps) {
  const { message: words, moments } = useWords()
  const { state, clientId, readAt, createdAt } = message
  const look = isShown ? 'px-1 text-xs text-muted' : 'sr-only'
  if (state === 'sending') return <span className="px-1 text-xs text-muted">{words.sending}</span>
  if (state === 'failed' && clientId) {
    return (
      <div className="flex items-center gap-1 text-xs">
        <span className="px-1 font-medium text-red">{words.notSent}</span>
        <StateButton label={words.retry} onClick={() => conversation.retry(clientId)} />
        <StateButton label={words.discard} onClick={() => conversation.discard(clientId)} />
      </div>
    )
  }
  if (readAt === null) return <span className={look}>{words.sent}</span>
  const at = Date.parse(readAt)
  return (
    <time dateTime={readAt} className={look} title={words.seenAt(moments.full(at))}>
      {words.seenAt(moments.beside(at, Date.parse(createdAt)))}
    </time>
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
