import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useDesk } from '../desk/desk.ts'
import { Trouble } from '../field.tsx'
import { quietButton } from '../notice.tsx'
import { me as session } from '../session/session.ts'
import { useWords } from '../words/words.ts'
import { signOutEverywhere } from './account.ts'

/** The way out of every session at once, as after losing a device. */
export function Sessions() {
  const words = useWords().account
  const { keepsakes } = useDesk()
  const queries = useQueryClient()
  const leave = useMutation({
    mutationFn: signOutEverywhere,
    onSuccess() {
      keepsakes.forgetAll()
      queries.setQueryData(session.queryKey, null)
    },
  })
  return (
    <div>
      <p className="text-muted">{words.signOutEverywhereHint}</p>
      <Trouble text={leave.isError ? words.failed : null} />
      <button
        type="button"
        className={`${quietButton} mt-3`}
        disabled={leave.isPending}
        onClick={() => leave.mutate()}
      >
        <span className="text-red">{words.signOutEverywhere}</span>
      </button>
    </div>
  )
}
