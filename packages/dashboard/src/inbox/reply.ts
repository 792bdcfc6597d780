import { createContext, useState } from 'react'

/** Brings the reader to the composer of the open chat, or of the one that is about to open. */
export interface Reply {
  begin(): void
  /** The composer says that it is there; returns how to say that it is gone. */
  offer(focus: () => void): () => void
}

export const ReplyContext = createContext<Reply | null>(null)

export function useReply(): Reply {
  const [reply] = useState(createReply)
  return reply
}

function createReply(): Reply {
  let focusComposer: (() => void) | null = null
  let isWanted = false
  return {
    begin() {
      // A composer that is about to be replaced takes the focus for a moment; its successor takes it over.
      isWanted = true
      focusComposer?.()
    },
    offer(focus) {
      focusComposer = focus
      if (isWanted) focus()
      isWanted = false
      return () => {
        if (focusComposer === focus) focusComposer = null
      }
    },
  }
}
