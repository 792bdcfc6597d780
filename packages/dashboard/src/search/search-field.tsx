import { type KeyboardEvent, type RefObject, useEffect, useEffectEvent, useState } from 'react'
import { Icon } from '../icons.tsx'
import { useWords } from '../words/words.ts'

interface SearchFieldProps {
  /** What is searched for now. */
  query: string
  field: RefObject<HTMLInputElement | null>
  search(query: string): void
  /** The arrow that leads out of the field was pressed. */
  enterResults(): void
}

// Shorter than a pause for thought, longer than the way to the next key.
const PAUSE_MS = 200

/** Searches while someone types, once they pause. */
export function SearchField({ query, field, search, enterResults }: SearchFieldProps) {
  const words = useWords().search
  const [text, setText] = useState(query)
  const [shownQuery, setShownQuery] = useState(query)
  if (query !== shownQuery) {
    // Back and forward change what is searched for, too.
    setShownQuery(query)
    if (query !== text.trim()) setText(query)
  }
  const ask = useEffectEvent((wanted: string) => {
    if (wanted !== query) search(wanted)
  })
  useEffect(() => {
    const timer = setTimeout(() => ask(text.trim()), text === '' ? 0 : PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      setText('')
      field.current?.blur()
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault()
      enterResults()
    }
  }

  return (
    <search className="relative mx-3 mb-2">
      <Icon
        name="search"
        className="pointer-events-none absolute inset-y-0 start-3 my-auto size-4 text-muted"
      />
      <input
        ref={field}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        value={text}
        dir={text === '' ? undefined : 'auto'}
        aria-label={words.label}
        aria-keyshortcuts="/"
        placeholder={words.placeholder}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className="h-9 w-full rounded-xl border border-line bg-surface ps-9 pe-9 placeholder:text-muted focus-visible:outline-offset-0 pointer-coarse:h-11 pointer-coarse:text-[1rem]"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={press}
      />
      {text !== '' && (
        <button
          type="button"
          aria-label={words.clear}
          className="absolute inset-y-0 end-0.5 my-auto grid size-8 place-items-center rounded-lg text-muted hover:text-ink pointer-coarse:size-11"
          onClick={() => {
            setText('')
            field.current?.focus()
          }}
        >
          <Icon name="close" className="size-4" />
        </button>
      )}
    </search>
  )
}
