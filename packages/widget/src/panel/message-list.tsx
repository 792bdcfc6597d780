import type { ClientMessage, Conversation, ConversationSnapshot } from '@deskbell/client'
import { daysAgo, type Group, keyOf, timeline } from '@deskbell/client/text'
import { useMemo } from '../view/hooks.ts'
import type { Child } from '../view/node.ts'
import type { Words } from '../words/en.ts'
import type { Language } from '../words/words.ts'
import { DownIcon } from './icons.tsx'
import { MessageItem } from './message-item.tsx'
import { type TimeFormats, UNWRITTEN } from './time-formats.ts'
import { useFormats } from './use-formats.ts'
import { useNewest } from './use-newest.ts'
import { useScroll } from './use-scroll.ts'
import { useToday } from './use-today.ts'

interface MessageListProps {
  chat: Conversation
  snapshot: ConversationSnapshot
  language: Language
  isShown: boolean
  /** Someone may be looking. */
  isSeen: boolean
  /** What stands above the first message, and below the last one. */
  opening: Child
  ending: Child
}

/** The log: days, groups and messages, with the pill for those that arrived out of sight. */
export function MessageList({
  chat,
  snapshot,
  language,
  isShown,
  isSeen,
  opening,
  ending,
}: MessageListProps) {
  const { words, locale } = language
  const { messages, hasOlder, isLoadingOlder } = snapshot
  const drawn = useNewest(messages)
  const { newest, hasRest } = drawn
  const scroll = useScroll(chat, drawn, hasOlder, isShown, isSeen)
  const days = useMemo(() => timeline(newest), [newest])
  const formats = useFormats(locale, isShown && newest.length > 0)
  const today = useToday()
  const newestOwn = messages.findLast(({ senderType, state }) => senderType === 'user' && state === 'sent')

  const listed = ({ key, senderType, senderName, messages: own }: Group<ClientMessage>) => (
    <li key={key} class={`group ${senderType}`}>
      <p class={senderType === 'user' ? 'sr' : 'sender'}>
        <bdi>{senderType === 'user' ? words.you : (senderName ?? words.support)}</bdi>
      </p>
      <ol>
        {own.map((message, index) => (
          <MessageItem
            key={keyOf(message)}
            {...{ chat, message, words, formats }}
            isLast={index === own.length - 1}
            isNewestOwn={message === newestOwn}
          />
        ))}
      </ol>
    </li>
  )
  return (
    <div class="log-frame">
      <div
        class="log"
        part="log"
        role="log"
        aria-label={words.messages}
        aria-live="off"
        tabindex={0} // what scrolls must be reachable by keyboard
        ref={scroll.ref}
        onScroll={scroll.onScroll}
      >
        <div class="content">
          {hasRest || hasOlder ? <p class="note older">{isLoadingOlder && words.loading}</p> : opening}
          {days.map(({ start, groups }) => (
            <section key={start} class="day">
              <DayHeading {...{ start, today, words, formats }} />
              <ol>{groups.map(listed)}</ol>
            </section>
          ))}
          {ending}
        </div>
      </div>
      {scroll.hasNewBelow && (
        <button type="button" class="pill" part="pill" onClick={scroll.toEnd}>
          {words.newMessages}
          <DownIcon />
        </button>
      )}
    </div>
  )
}

interface DayHeadingProps {
  start: number
  today: number
  words: Words
  formats: TimeFormats | null
}

function DayHeading({ start, today, words, formats }: DayHeadingProps) {
  // Not `Intl.RelativeTimeFormat`: making the first one takes a browser as long as drawing ten messages.
  const name = [words.today, words.yesterday][daysAgo(start, today)]
  return <h3 part="day">{name ?? formats?.day(start, today) ?? UNWRITTEN}</h3>
}
