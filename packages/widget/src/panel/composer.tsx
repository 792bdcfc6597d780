import { MAX_CONTENT_LENGTH } from '@deskbell/protocol'
import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'
import type { Language } from '../words/words.ts'
import { SendIcon } from './icons.tsx'

interface ComposerProps {
  language: Language
  draft: string
  field: RefObject<HTMLTextAreaElement | null>
  onDraft(draft: string): void
  onSend(content: string): void
}

const COUNTED = 500

/** Where the user writes. */
export function Composer({ language: { words, locale }, draft, field, onDraft, onSend }: ComposerProps) {
  const [isComposing, setIsComposing] = useState(false)
  const left = MAX_CONTENT_LENGTH - Array.from(draft.trim()).length
  const canSend = draft.trim() !== '' && left >= 0

  useLayoutEffect(() => {
    const box = field.current
    if (!box) return
    box.style.height = 'auto'
    box.style.height = `${box.scrollHeight}px`
  }, [draft])

  const send = () => {
    field.current?.focus()
    if (canSend) onSend(draft)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Safari ends the composition before the key that confirms it (229).
    if (event.key !== 'Enter' || event.shiftKey || isComposing || event.isComposing || event.keyCode === 229)
      return
    event.preventDefault()
    send()
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        aria-label={words.message}
        placeholder={words.placeholder}
        value={draft}
        onInput={(event) => onDraft(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onCompositionStart={() => setIsComposing(true)}
        onCompositionEnd={() => setIsComposing(false)}
      />
      {left <= COUNTED && (
        <span class={left < 0 ? 'counter over' : 'counter'}>
          <span aria-hidden="true">{new Intl.NumberFormat(locale).format(left)}</span>
          <span class="sr">{words.charactersLeft(left)}</span>
        </span>
      )}
      <button type="submit" class="send" aria-label={words.send} disabled={!canSend}>
        <SendIcon />
      </button>
    </form>
  )
}
