import type { ConversationSnapshot } from '@deskbell/client'
import type { Words } from '../words/en.ts'
import { BellIcon } from './icons.tsx'

interface OpeningProps {
  words: Words
  appName: string | undefined
  snapshot: ConversationSnapshot
  /** There is no chat yet, so nothing needs to be waited for. */
  isFirstTime: boolean
}

/** What stands where no messages are: a greeting, that they are on their way, or why not. */
export function Opening({ words, appName, snapshot, isFirstTime }: OpeningProps) {
  const { phase, error, messages } = snapshot
  if (phase === 'failed')
    return <Sign text={error?.code === 'unauthenticated' ? words.signInFirst : words.unreachable} />
  if (phase !== 'ready' && !isFirstTime) return <Waiting words={words} />
  if (messages.length > 0) return <p class="note">{words.beginning}</p>
  const text = appName ? words.whoAnswers(isolated(appName)) : words.whoAnswersUnnamed
  return <Sign title={words.greeting} text={text} />
}

function Sign({ title, text }: { title?: string; text: string }) {
  return (
    <div class="greeting" part="greeting">
      <span class="mark">
        <BellIcon />
      </span>
      {title && <h3>{title}</h3>}
      <p>{text}</p>
    </div>
  )
}

function Waiting({ words }: { words: Words }) {
  return (
    <div class="waiting">
      <span class="sr">{words.loading}</span>
      <i />
      <i />
      <i />
    </div>
  )
}

/** Inside a sentence that may run the other way. */
export const isolated = (text: string): string => `\u2068${text}\u2069`
