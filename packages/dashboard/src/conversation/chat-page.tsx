import type { Conversation } from '@deskbell/client'
import type { SupportNotification, SupportUser } from '@deskbell/protocol'
import { useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { Icon } from '../icons.tsx'
import type { InboxRow } from '../inbox/rows.ts'
import { useIsRemoved, useOpenChat } from '../inbox/use-inbox.ts'
import { useIsWide } from '../media.ts'
import { Notice } from '../notice.tsx'
import { useWords } from '../words/words.ts'
import { ChatHeader } from './chat-header.tsx'
import { Composer } from './composer.tsx'
import { Details } from './details.tsx'
import { LoadingMessages } from './loading-messages.tsx'
import { Log } from './log.tsx'
import { useConversation, useSessionCheck, useSnapshot, useViewing } from './use-conversation.ts'

/** The page of one chat. */
export function ChatPage() {
  const { chatId } = useParams({ from: '/chats/$chatId' })
  return <OpenChat key={chatId} chatId={chatId} />
}

function OpenChat({ chatId }: { chatId: string }) {
  const words = useWords().chat
  const conversation = useConversation(chatId)
  const { row, user, notifications } = useOpenChat(chatId, conversation !== null)
  const pane = useRef<HTMLElement>(null)
  const isWide = useIsWide()
  useEffect(() => {
    // The card that was tapped is gone from the screen; without this the focus would be nowhere.
    if (!isWide) pane.current?.focus()
  }, [isWide])

  return (
    <div className="flex min-h-0 flex-1">
      <section
        id="conversation"
        ref={pane}
        tabIndex={-1}
        aria-label={words.label}
        className="flex min-h-0 min-w-0 flex-1 flex-col outline-none"
      >
        {conversation ? (
          <Talk
            conversation={conversation}
            row={row}
            user={user}
            notifications={notifications}
            chatId={chatId}
          />
        ) : (
          <LoadingMessages />
        )}
      </section>
      {row && <Details row={row} user={user} />}
    </div>
  )
}

interface TalkProps {
  conversation: Conversation
  row: InboxRow | undefined
  user: SupportUser | undefined
  notifications: readonly SupportNotification[]
  chatId: string
}

function Talk({ conversation, row, user, notifications, chatId }: TalkProps) {
  const snapshot = useSnapshot(conversation)
  useViewing(conversation, snapshot)
  useSessionCheck(snapshot)
  const { phase, error } = snapshot
  const { message: foundSeq } = useSearch({ from: '/chats' })
  const isRemoved = useIsRemoved(chatId)
  const hasFailed = phase !== 'ready' && error !== null
  if (isRemoved || error?.code === 'not_found') return <Missing />
  return (
    <>
      <ChatHeader row={row} user={user} status={hasFailed ? null : snapshot.status} />
      {phase === 'ready' && (
        <>
          <Log
            conversation={conversation}
            snapshot={snapshot}
            row={row}
            notifications={notifications}
            foundSeq={foundSeq}
          />
          <Composer chatId={chatId} send={(text) => conversation.send(text)} />
        </>
      )}
      {(phase === 'loading' || phase === 'idle') && !error && <LoadingMessages />}
      {hasFailed && <Failed retry={() => void conversation.open()} />}
    </>
  )
}

function Failed({ retry }: { retry: () => void }) {
  const { chat, list } = useWords()
  return (
    <Notice
      level={3}
      heading={chat.failed}
      icon={<Icon name="warning" />}
      action={{ label: list.tryAgain, run: retry }}
    />
  )
}

function Missing() {
  const { chat } = useWords()
  return (
    <>
      <ChatHeader row={undefined} user={undefined} status={null} />
      <Notice level={2} heading={chat.missing} hint={chat.missingHint} icon={<Icon name="warning" />} />
    </>
  )
}
