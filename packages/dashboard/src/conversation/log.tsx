import type { ClientMessage, Conversation, ConversationSnapshot } from '@deskbell/client'
import type { SupportNotification } from '@deskbell/protocol'
import { useMemo } from 'react'
import { useDesk } from '../desk/desk.ts'
import { Icon } from '../icons.tsx'
import type { InboxRow } from '../inbox/rows.ts'
import { Notice } from '../notice.tsx'
import { useNow } from '../words/now.ts'
import { useWords } from '../words/words.ts'
import { Announcer } from './announcer.tsx'
import { mailsOf } from './mails.ts'
import { MessageGroup } from './message-group.tsx'
import { daysOf } from './turns.ts'
import { useFoundMessage } from './use-found-message.ts'
import { useLogScroll } from './use-log-scroll.ts'

interface LogProps {
  conversation: Conversation
  snapshot: ConversationSnapshot
  row: InboxRow | undefined
  notifications: readonly SupportNotification[]
  /** The message that is to be in sight, as after following a search. */
  foundSeq: number | undefined
}

/** The messages of the open chat, newest at the bottom. */
export function Log({ conversation, snapshot, row, notifications, foundSeq }: LogProps) {
  const words = useWords()
  const { moments } = words
  const now = useNow()
  const { messages, hasOlder, isLoadingOlder } = snapshot
  const { me } = useDesk()
  const days = useMemo(() => daysOf(messages, me), [messages, me])
  const mails = useMemo(() => mailsOf(messages, notifications), [messages, notifications])
  const loadOlder = () => void conversation.loadOlder()
  const { scroller, content, onScroll, hasNew, toEnd } = useLogScroll({ messages, hasOlder, loadOlder })
  useFoundMessage({ seq: foundSeq, messages, hasOlder, loadOlder })
  const userName = row?.name ?? row?.email ?? words.list.visitor
  const latest = lastOfAdmins(messages)

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        role="log"
        aria-label={words.chat.messages}
        // The announcer speaks instead: of the user's messages only, and not of older ones that scroll in.
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        tabIndex={0}
        onScroll={onScroll}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 outline-offset-[-2px] [overflow-anchor:none] max-lg:px-3"
      >
        <div ref={content} className="mx-auto flex min-h-full max-w-3xl flex-col justify-end pb-4">
          {hasOlder && (
            <div className="grid h-12 shrink-0 place-items-center text-xs text-muted">
              {isLoadingOlder ? (
                words.chat.loadingOlder
              ) : (
                <button
                  type="button"
                  className="rounded px-2 py-1 font-medium underline underline-offset-2 pointer-coarse:py-3.5"
                  onClick={loadOlder}
                >
                  {words.chat.older}
                </button>
              )}
            </div>
          )}
          {messages.length === 0 && (
            <Notice level={3} heading={words.chat.empty} icon={<Icon name="chats" />} />
          )}
          {days.map(({ start, groups }) => (
            <div key={start}>
              <DayDivider label={moments.day(start, now)} at={start} />
              {groups.map((group) => (
                <MessageGroup
                  key={group.key}
                  group={group}
                  userName={userName}
                  latest={latest}
                  mails={mails}
                  foundSeq={foundSeq}
                  conversation={conversation}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
      {hasNew && (
        <button
          type="button"
          className="rise pressable absolute inset-x-0 bottom-3 mx-auto flex h-9 w-fit items-center gap-1.5 rounded-full bg-fill ps-4 pe-3 font-medium text-on-fill shadow-[0_4px_16px_-2px_#00000059] hover:bg-fill-hover pointer-coarse:h-11"
          onClick={toEnd}
        >
          {words.chat.newMessages}
          <Icon name="down" className="size-4" />
        </button>
      )}
      <Announcer messages={messages} userName={userName} />
    </div>
  )
}

function DayDivider({ label, at }: { label: string; at: number }) {
  return (
    <div className="my-4 flex items-center gap-3 text-xs font-medium text-muted">
      <span aria-hidden="true" className="h-px flex-1 bg-line" />
      <time dateTime={dayKey(at)}>{label}</time>
      <span aria-hidden="true" className="h-px flex-1 bg-line" />
    </div>
  )
}

/** The local calendar day, as `<time>` wants it. */
function dayKey(at: number): string {
  const day = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

/** Where "Seen" and "Sent" stand: under the last that was seen, and under the last of all. */
function lastOfAdmins(messages: readonly ClientMessage[]) {
  const stored = messages.filter((message) => message.senderType === 'admin' && message.seq !== null)
  return { sent: stored.at(-1)?.seq ?? 0, seen: stored.findLast((message) => message.readAt)?.seq ?? 0 }
}
