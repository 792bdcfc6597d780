import { DeskbellError } from '@deskbell/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import bell from '../bell.svg'
import { Field, Trouble } from '../field.tsx'
import type { Catalogue } from '../words/catalogue.ts'
import { useWords } from '../words/words.ts'
import { me, signIn } from './session.ts'

/** One calm card. A wrong password and an unknown address look the same. */
export function SignIn() {
  const words = useWords().signIn
  const queries = useQueryClient()
  const password = useRef<HTMLInputElement>(null)
  const [isIncomplete, setIncomplete] = useState(false)
  const attempt = useMutation({
    mutationFn: (pair: { email: string; password: string }) => signIn(pair.email, pair.password),
    onSuccess: (admin) => queries.setQueryData(me.queryKey, admin),
    onError: () => password.current?.select(),
  })

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const pair = { email: String(form.get('email')).trim(), password: String(form.get('password')) }
    const isComplete = pair.email !== '' && pair.password !== ''
    setIncomplete(!isComplete)
    if (isComplete && !attempt.isPending) attempt.mutate(pair)
  }

  const trouble = isIncomplete ? words.missing : attempt.error && troubleOf(attempt.error, words)
  return (
    <main className="grid h-full overflow-y-auto p-4">
      <form
        noValidate
        onSubmit={submit}
        className="m-auto w-full max-w-88 rounded-2xl border border-line bg-surface p-7 shadow-[0_1px_2px_#0000000a,0_12px_40px_-12px_#0000001f]"
      >
        <img src={bell} alt="" className="size-10" />
        <h1 className="mt-5 text-lg font-semibold">{words.heading}</h1>
        <p className="text-muted">{words.hint}</p>
        <div className="mt-6 grid gap-4">
          <Field label={words.email} name="email" type="email" autoComplete="username" autoFocus />
          <Field
            label={words.password}
            name="password"
            type="password"
            autoComplete="current-password"
            ref={password}
          />
        </div>
        <Trouble text={attempt.isPending ? null : trouble} />
        <button
          type="submit"
          aria-disabled={attempt.isPending}
          className="pressable mt-5 h-11 w-full rounded-lg bg-fill font-semibold text-on-fill hover:bg-fill-hover aria-disabled:opacity-70"
        >
          {attempt.isPending ? words.submitting : words.submit}
        </button>
      </form>
    </main>
  )
}

function troubleOf(error: Error, words: Catalogue['signIn']): string {
  const code = error instanceof DeskbellError ? error.code : 'unavailable'
  if (code === 'unauthenticated') return words.refused
  if (code === 'rate_limited') return words.throttled((error as DeskbellError).retryAfter ?? null)
  return words.unreachable
}
