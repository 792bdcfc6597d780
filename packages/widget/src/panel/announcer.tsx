import type { ClientMessage } from '@deskbell/client'
import type { Words } from '../words/en.ts'

/** Reads out what support wrote. The log itself stays silent, or it would read the user's own words back to them. */
export function Announcer({ news, words }: { news: readonly ClientMessage[]; words: Words }) {
  return (
    <p class="sr" aria-live="polite">
      {news.map(({ content, senderName }) => `${senderName ?? words.support}: ${content}`).join('\n')}
    </p>
  )
}
