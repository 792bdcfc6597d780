import type { Conversation, ConversationSnapshot } from '@deskbell/client'
import { keyOf } from '@deskbell/client/text'
import { useEffect, useRef, useState } from '../view/hooks.ts'
import type { Words } from '../words/en.ts'
import { useKept } from './kept.ts'
import { isolated } from './opening.tsx'

interface ContactProps {
  chat: Conversation
  snapshot: ConversationSnapshot
  words: Words
  isShown: boolean
  /** It has to be answered, and before the first message. */
  isRequired: boolean
  /** Whether messages may be written. */
  onRelease(isReleased: boolean): void
  /** It is answered or declined. */
  onDone(): void
}

/**
 * Asks a visitor where they can be reached. What they answer before there is a chat is only remembered: nothing is
 * stored of someone who has not written.
 */
export function Contact({ chat, snapshot, words, isShown, isRequired, onRelease, onDone }: ContactProps) {
  const { chatId, messages, isContactNeeded } = snapshot
  const field = useRef<HTMLInputElement | null>(null)
  const [state, setState] = useState<'asked' | 'remembered' | 'answered' | 'mistyped'>('asked')
  const [email, setEmail] = useState('')
  const [problem, setProblem] = useState('')
  const [declined, setDeclined] = useKept(chatId && `contact:${chatId}`)
  const [answeredAt, setAnsweredAt] = useState('')
  const last = messages.at(-1)
  const lastKey = last ? keyOf(last) : ''
  const isWanted = isRequired
    ? !chatId || isContactNeeded
    : messages.length > 0 && isContactNeeded && !declined
  const isAsking = state === 'mistyped' || (state === 'asked' && isWanted)

  const save = async () => {
    const answer = await chat.leaveContact({ email })
    onRelease(answer.ok)
    setAnsweredAt(lastKey)
    setState(answer.ok ? 'answered' : 'mistyped')
    if (answer.ok) return onDone()
    setProblem(answer.error.code === 'invalid' ? words.noEmail : words.notSaved)
  }
  const submit = (event: Event) => {
    event.preventDefault()
    const input = field.current
    if (!input) return
    input.focus()
    const isAddress = input.checkValidity()
    setProblem(isAddress ? '' : words.noEmail)
    if (!isAddress) return
    if (chatId) return void save()
    setState('remembered')
    onRelease(true)
  }
  useEffect(() => {
    if (chatId && state === 'remembered') void save()
  }, [chatId])
  useEffect(() => {
    if (isShown && isAsking && isRequired) field.current?.focus({ preventScroll: true })
  }, [isShown, isAsking])

  return (
    <>
      {isAsking && (
        <form class="contact" part="contact" novalidate aria-labelledby="question" onSubmit={submit}>
          <p id="question">{isRequired ? words.emailFirst : words.leaveEmail}</p>
          <div class="field">
            <input
              ref={field}
              type="email"
              required
              dir="ltr"
              autocomplete="email"
              placeholder="name@example.com"
              aria-label={words.email}
              aria-invalid={problem !== ''}
              aria-describedby="question problem"
              value={email}
              onInput={(event) => setEmail(event.currentTarget.value)}
            />
            <button type="submit" class="save">
              {isRequired ? words.next : words.save}
            </button>
          </div>
          <p id="problem" class="problem" role="alert">
            {problem}
          </p>
          {!isRequired && (
            <button
              type="button"
              class="link"
              onClick={() => {
                setDeclined('declined')
                setState('asked')
                onDone()
              }}
            >
              {words.noThanks}
            </button>
          )}
        </form>
      )}
      <p class="note" aria-live="polite">
        {/* With the next message it has been said. */}
        {state === 'answered' && lastKey === answeredAt && (
          <>
            {words.reachable(isolated(email))}{' '}
            <button type="button" class="link" onClick={() => setState('mistyped')}>
              {words.change}
            </button>
          </>
        )}
      </p>
    </>
  )
}
