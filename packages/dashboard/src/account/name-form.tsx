import { MAX_NAME_LENGTH } from '@deskbell/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useDesk } from '../desk/desk.ts'
import { Field, Trouble } from '../field.tsx'
import { quietButton } from '../notice.tsx'
import { me as session } from '../session/session.ts'
import { useToast } from '../toasts/toasts.tsx'
import { useWords } from '../words/words.ts'
import { changeName } from './account.ts'

/** The name that users see beside an answer. */
export function NameForm() {
  const words = useWords().account
  const { me } = useDesk()
  const queries = useQueryClient()
  const toast = useToast()
  const change = useMutation({
    mutationFn: changeName,
    onSuccess(profile) {
      queries.setQueryData(session.queryKey, profile)
      toast({ text: words.nameSaved, tone: 'done' })
    },
  })

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name')).trim()
    if (name !== '' && !change.isPending) change.mutate({ name })
  }

  return (
    <form onSubmit={submit}>
      <Field
        label={words.name}
        name="name"
        autoComplete="name"
        maxLength={MAX_NAME_LENGTH}
        defaultValue={me.name ?? ''}
      />
      <Trouble text={change.isError ? words.failed : null} />
      <button type="submit" className={`${quietButton} mt-3`} disabled={change.isPending}>
        {words.saveName}
      </button>
    </form>
  )
}
