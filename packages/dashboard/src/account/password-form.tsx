import { DeskbellError } from '@deskbell/protocol'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { Field, Trouble } from '../field.tsx'
import { quietButton } from '../notice.tsx'
import { useToast } from '../toasts/toasts.tsx'
import type { Catalogue } from '../words/catalogue.ts'
import { useWords } from '../words/words.ts'
import { changePassword } from './account.ts'

// What the desk asks for.
const LEAST_LENGTH = 8
const MOST_LENGTH = 128

/** A new password, for whoever knows the old one. */
export function PasswordForm() {
  const words = useWords().account
  const toast = useToast()
  const form = useRef<HTMLFormElement>(null)
  const [isTooShort, setTooShort] = useState(false)
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess() {
      form.current?.reset()
      toast({ text: words.passwordSaved, tone: 'done' })
    },
  })

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const current_password = String(given.get('current'))
    const new_password = String(given.get('new'))
    const isLongEnough = new_password.length >= LEAST_LENGTH
    setTooShort(!isLongEnough)
    if (isLongEnough && !change.isPending) change.mutate({ current_password, new_password })
  }

  const failure = change.error && troubleOf(change.error, words)
  return (
    <form ref={form} noValidate onSubmit={submit}>
      <div className="grid gap-3">
        <Field label={words.password} name="current" type="password" autoComplete="current-password" />
        <Field
          label={words.newPassword}
          hint={words.newPasswordHint(LEAST_LENGTH)}
          name="new"
          maxLength={MOST_LENGTH}
          type="password"
          autoComplete="new-password"
        />
      </div>
      <Trouble text={isTooShort ? words.newPasswordHint(LEAST_LENGTH) : failure} />
      <button type="submit" className={`${quietButton} mt-3`} disabled={change.isPending}>
        {words.savePassword}
      </button>
    </form>
  )
}

function troubleOf(error: Error, words: Catalogue['account']): string {
  // The lengths were looked at before.
  const isRefused = error instanceof DeskbellError && error.code === 'invalid'
  return isRefused ? words.wrongPassword : words.failed
}
