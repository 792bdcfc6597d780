import { MAX_CONTENT_LENGTH } from '@deskbell/protocol'
import { type KeyboardEvent, use, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useDesk } from '../desk/desk.ts'
import { Icon } from '../icons.tsx'
import { ReplyContext } from '../inbox/reply.ts'
import { useWords } from '../words/words.ts'

const COUNTER_FROM = 500

/** Where the reply is written. What is not sent yet survives a reload, each chat's apart. */
export function Composer({ chatId, send }: { chatId: string; send: (text: string) => void }) {
  const words = useWords().composer
  const { keepsakes } = useDesk()
  const key = `draft:${chatId}`
  const [text, setText] = useState(() => keepsakes.getItem(key) ?? '')
  const field = useRef<HTMLTextAreaElement>(null)
  const reply = use(ReplyContext)
  useEffect(() => reply?.offer(() => field.current?.focus()), [reply])
  useEffect(() => {
    // Another window of this admin wrote on; where someone is writing here, this window's words stay.
    const follow = () => {
      if (document.activeElement !== field.current || !document.hasFocus())
        setText(keepsakes.getItem(key) ?? '')
    }
    window.addEventListener('storage', follow)
    return () => window.removeEventListener('storage', follow)
  }, [keepsakes, key])

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is written decides how high the field is
  useLayoutEffect(() => {
    const box = field.current
    if (!box) return
    box.style.height = 'auto'
    box.style.height = `${box.scrollHeight}px`
  }, [text])

  const left = MAX_CONTENT_LENGTH - Array.from(text.trim()).length
  const canSend = text.trim() !== '' && left >= 0

  function write(next: string) {
    setText(next)
    if (next === '') keepsakes.removeItem(key)
    else keepsakes.setItem(key, next)
  }

  function submit() {
    field.current?.focus()
    if (!canSend) return
    send(text)
    write('')
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key === 'Escape') return field.current?.blur()
    // Safari ends a composition before the Enter that ended it arrives; it is told by its key code.
    const isComposing = event.nativeEvent.isComposing || event.keyCode === 229
    if (event.key !== 'Enter' || event.shiftKey || isComposing) return
    event.preventDefault()
    submit()
  }

  return (
    <form
      className="border-t border-line px-5 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] max-lg:px-3"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className="mx-auto flex max-w-3xl items-end gap-2 rounded-2xl border border-line-strong bg-surface p-1.5 transition-colors duration-140 focus-within:border-accent focus-within:outline-1 focus-within:outline-accent">
        <textarea
          ref={field}
          // An empty field is in the direction of its placeholder.
          dir={text === '' ? undefined : 'auto'}
          rows={1}
          value={text}
          aria-label={words.label}
          placeholder={words.placeholder}
          aria-invalid={left < 0}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          className="max-h-33 min-w-0 flex-1 resize-none bg-transparent px-2.5 py-1.5 leading-5 outline-none placeholder:text-muted pointer-coarse:max-h-41 pointer-coarse:py-2.5 pointer-coarse:text-[1rem] pointer-coarse:leading-6"
        />
        <button
          type="submit"
          disabled={!canSend}
          className="pressable flex h-8 items-center gap-1.5 rounded-xl bg-fill px-3 font-semibold text-on-fill hover:bg-fill-hover disabled:bg-hover disabled:text-muted pointer-coarse:h-11"
        >
          {words.send}
          <Icon name="send" className="size-4" />
        </button>
      </div>
      {left <= COUNTER_FROM && (
        <p
          className={`mx-auto mt-1 max-w-3xl text-end text-xs ${left < 0 ? 'font-semibold text-red' : 'text-muted'}`}
        >
          {left < 0 ? words.over(-left) : words.left(left)}
        </p>
      )}
    </form>
  )
}
