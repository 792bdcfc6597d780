import type { SupportUser } from '@deskbell/protocol'
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { quietButton } from '../notice.tsx'
import { useToast } from '../toasts/toasts.tsx'
import { useWords } from '../words/words.ts'
import { exportUser } from './user.ts'

const Erasing = lazy(() => import('./erasing.tsx').then(({ Erasing }) => ({ default: Erasing })))

/** What users may ask for: all that is kept on them, and that nothing is. */
export function UserActions({ user, chatId }: { user: SupportUser; chatId: string }) {
  const words = useWords()
  const { details } = words
  const toast = useToast()
  const [isErasing, setErasing] = useState(false)
  const save = useMutation({
    mutationFn: () => exportUser(user),
    onError: () =>
      toast({
        text: details.exportFailed,
        tone: 'failed',
        action: { label: words.toasts.retry, run: () => save.mutate() },
      }),
  })
  return (
    <div className="mt-8 flex flex-wrap gap-2 border-t border-line pt-5">
      <button type="button" className={quietButton} disabled={save.isPending} onClick={() => save.mutate()}>
        {details.export}
      </button>
      <button type="button" className={quietButton} onClick={() => setErasing(true)}>
        <span className="text-red">{details.erase}</span>
      </button>
      {isErasing && (
        <Suspense>
          <Erasing user={user} chatId={chatId} close={() => setErasing(false)} />
        </Suspense>
      )}
    </div>
  )
}
