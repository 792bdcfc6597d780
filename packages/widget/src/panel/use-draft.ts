import { useEffect, useState } from 'preact/hooks'
import { keepsake } from './keepsake.ts'

/** The unsent text. It survives a reload once there is a chat; before that nothing is kept on the machine. */
export function useDraft(chatId: string | null): [string, (draft: string) => void] {
  const [draft, setDraft] = useState('')
  const kept = chatId ? keepsake(`draft:${chatId}`) : null
  useEffect(() => {
    if (draft === '') setDraft(kept?.read() ?? '')
    else kept?.write(draft)
  }, [chatId])
  return [
    draft,
    (next) => {
      setDraft(next)
      kept?.write(next)
    },
  ]
}
