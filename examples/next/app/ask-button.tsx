'use client'

import { useSupportChat } from '@deskbell/react'

export function AskButton({ question }: { question: string }) {
  const { sendMessage, open } = useSupportChat()
  const ask = () => {
    sendMessage(question)
    open()
  }
  return (
    <button type="button" onClick={ask}>
      Ask about it
    </button>
  )
}
