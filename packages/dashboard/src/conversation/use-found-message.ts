import type { ClientMessage } from '@deskbell/client'
import { useEffect, useEffectEvent, useRef } from 'react'
import { messageId } from './message-group.tsx'

interface FoundMessage {
  seq: number | undefined
  messages: readonly ClientMessage[]
  hasOlder: boolean
  loadOlder(): void
}

/** Brings a message into sight once, loading what is older until it is there. */
export function useFoundMessage({ seq, messages, hasOlder, loadOlder }: FoundMessage): void {
  const shown = useRef<number>(undefined)
  const firstSeq = messages[0]?.seq
  const look = useEffectEvent(() => {
    if (seq === undefined || shown.current === seq) return
    const message = document.getElementById(messageId(seq) ?? '')
    if (message) {
      shown.current = seq
      message.scrollIntoView({ block: 'center' })
    } else if (hasOlder) {
      loadOlder()
    }
  })
  // Looked for again whenever an older page has come in; one that could not be loaded is asked for by its button.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the effect reads the latest of everything
  useEffect(() => look(), [seq, firstSeq])
}
