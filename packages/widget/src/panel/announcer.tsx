import type { ClientMessage } from '@deskbell/client'
import { useEffect, useState } from '../view/hooks.ts'
import type { Words } from '../words/en.ts'

interface AnnouncerProps {
  news: readonly ClientMessage[]
  isShown: boolean
  words: Words
}

// Long enough to be picked up; afterwards it would only be a second copy of the log to stumble over.
const SPOKEN_MS = 1_000

/** Reads out what support wrote. The log itself stays silent, or it would read the user's own words back to them. */
export function Announcer({ news, isShown, words }: AnnouncerProps) {
  const [text, setText] = useState('')
  useEffect(() => {
    // What came while it was closed is in the log for whoever opens it.
    if (!isShown) return
    setText(news.map(({ content, senderName }) => `${senderName ?? words.support}: ${content}`).join('\n'))
    const timer = setTimeout(() => setText(''), SPOKEN_MS)
    return () => clearTimeout(timer)
  }, [news])
  return (
    <p class="sr" aria-live="polite">
      {text}
    </p>
  )
}
