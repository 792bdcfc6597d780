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
  if (phase === 'failed') {
    const text = error?.code === 'unauthenticated' ? words.signInFirst : words.unreachable
    return <p class="greeting">{text}</p>
  }
  if (phase !== 'ready' && !isFirstTime) return <Waiting words={words} />
  if (messages.length > 0) return <p class="note">{words.beginning}</p>
  return (
    <div class="greeting" part="greeting">
      <span class="mark">
        <BellIcon />
      </span>
      <h3>{words.greeting}</h3>
      <p>{appName ? words.whoAnswers(isolated(appName)) : words.whoAnswersUnnamed}</p>
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
