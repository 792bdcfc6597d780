import { MAX_CONTENT_LENGTH } from '@deskbell/protocol'
import type { Ref } from '../view/node.ts'
import { counted } from '../words/plural.ts'
import type { Language } from '../words/words.ts'
import { SendIcon } from './icons.tsx'

interface ComposerProps {
  language: Language
  draft: string
  field: Ref<HTMLTextAreaElement | null>
  onDraft(draft: string): void
  onSend(content: string): void
}

const COUNTED = 500

/** Where the user writes. */
export function Composer({ language, draft, field, onDraft, onSend }: ComposerProps) {
  const { words, locale } = language
  const left = MAX_CONTENT_LENGTH - Array.from(draft.trim()).length
  const canSend = draft.trim() !== '' && left >= 0

  const send = (event: Event) => {
    event.preventDefault()
    field.current?.focus()
    if (canSend) onSend(draft)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Safari ends the composition before the key that confirms it (229).
    const isComposing = event.isComposing || event.keyCode === 229
    if (event.key === 'Enter' && !event.shiftKey && !isComposing) send(event)
  }
  return (
    <form class="composer field" part="composer" onSubmit={send}>
      {/* It is as high as what is written, which the style sheet lays out a second time, unseen. */}
      <div class="growing" data-draft={draft}>
        <textarea
          ref={field}
          part="input"
          rows={1}
          dir={draft ? 'auto' : undefined} // the placeholder is in the panel's language
          enterkeyhint="send"
          aria-label={words.message}
          aria-describedby="counter"
          aria-invalid={left < 0}
          placeholder={words.placeholder}
          value={draft}
          onInput={(event) => onDraft(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      {left <= COUNTED && (
        <span id="counter" class={left < 0 ? 'counter over' : 'counter'}>
          <span aria-hidden="true">{new Intl.NumberFormat(locale).format(left)}</span>
          <span class="sr">
            {left < 0
              ? counted(locale, words.charactersOver, -left)
              : counted(locale, words.charactersLeft, left)}
          </span>
        </span>
      )}
      <button type="submit" class="send" part="send" aria-label={words.send} disabled={!canSend}>
        <SendIcon />
      </button>
    </form>
  )
}
