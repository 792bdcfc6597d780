import type { ClientMessage } from '@deskbell/client'
import { useEffect, useRef, useState } from 'react'
import { useWords } from '../words/words.ts'

/** Tells assistive technology of each message that the user writes while the chat is open. */
export function Announcer({ messages, userName }: { messages: readonly ClientMessage[]; userName: string }) {
  const { chat } = useWords()
  const [said, setSaid] = useState('')
  const lastSeq = messages.findLast((message) => message.seq !== null)?.seq ?? 0
  const heard = useRef(lastSeq)
  useEffect(() => {
    const fresh = messages.filter(
      ({ seq, senderType }) => senderType === 'user' && (seq ?? 0) > heard.current,
    )
    heard.current = lastSeq
    if (fresh.length > 0) setSaid(fresh.map((message) => chat.says(userName, message.content)).join('\n'))
  }, [messages, lastSeq, userName, chat])
  return (
    <div aria-live="polite" className="sr-only">
      {said}
    </div>
  )
}
