import type { MailRefusal, SupportUser } from '@deskbell/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Icon } from '../icons.tsx'
import { quietButton } from '../notice.tsx'
import { useToast } from '../toasts/toasts.tsx'
import { useWords } from '../words/words.ts'
import { allowMail } from './user.ts'

/** Why e-mails about replies do not reach the user; nothing where they do. */
export function MailNotice({ user, chatId }: { user: SupportUser; chatId: string }) {
  const { mail, moments } = useWords()
  const { unsubscribed_at: unsubscribedAt, mail_refusal: refusal } = user
  return (
    <>
      {refusal && <Refusal user={user} refusal={refusal} chatId={chatId} />}
      {unsubscribedAt && (
        <p className="mt-3 flex items-start gap-1.5 text-sm text-muted">
          <Icon name="mail" className="mt-px size-4" />
          <time dateTime={unsubscribedAt}>
            {mail.unsubscribedSince(moments.date(Date.parse(unsubscribedAt)))}
          </time>
        </p>
      )}
    </>
  )
}

interface RefusalProps {
  user: SupportUser
  refusal: MailRefusal
  chatId: string
}

function Refusal({ user, refusal, chatId }: RefusalProps) {
  const { mail, moments, toasts } = useWords()
  const toast = useToast()
  const queries = useQueryClient()
  const allowing = useMutation({
    mutationFn: () => allowMail(user),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['chat', chatId] }),
    onError: () =>
      toast({
        text: mail.allowFailed,
        tone: 'failed',
        action: { label: toasts.retry, run: () => allowing.mutate() },
      }),
  })
  return (
    <div className="mt-4 rounded-xl bg-red-soft p-3 text-sm">
      <p className="flex items-start gap-1.5 font-medium text-red">
        <Icon name="warning" className="mt-px size-4" />
        {mail.refusedSince(moments.date(Date.parse(refusal.at)))}
      </p>
      <p dir="auto" className="own-side mt-1.5 text-ink [overflow-wrap:anywhere]">
        {refusal.detail}
      </p>
      <button
        type="button"
        className={`${quietButton} mt-2.5`}
        disabled={allowing.isPending}
        onClick={() => allowing.mutate()}
      >
        {mail.allow}
      </button>
    </div>
  )
}
