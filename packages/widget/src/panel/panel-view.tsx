import type { Conversation } from '@deskbell/client'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { PanelHost } from '../loader/panel-port.ts'
import type { Language } from '../words/words.ts'
import { Announcer } from './announcer.tsx'
import type { Bell } from './bell.ts'
import { Composer } from './composer.tsx'
import { Header } from './header.tsx'
import { MessageList } from './message-list.tsx'
import { Opening } from './opening.tsx'
import { useConversation } from './use-conversation.ts'
import { useDraft } from './use-draft.ts'
import { useNews } from './use-news.ts'
import { usePhone } from './use-phone.ts'
import { useSound } from './use-sound.ts'

interface PanelViewProps {
  chat: Conversation
  host: PanelHost
  language: Language
  bell: Bell
  isShown: boolean
}

/** The whole panel. */
export function PanelView({ chat, host, language, bell, isShown }: PanelViewProps) {
  const { words } = language
  const { appName, replyTime } = host.settings
  const snapshot = useConversation(chat)
  const frame = useRef<HTMLElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const [draft, setDraft] = useDraft(snapshot.chatId)
  const [isSoundOn, setIsSoundOn] = useSound()
  const isPhone = usePhone(frame, isShown)
  const news = useNews(snapshot)

  useLayoutEffect(() => {
    if (isShown) field.current?.focus({ preventScroll: true })
  }, [isShown])

  useEffect(() => host.element.countUnread(snapshot.unreadCount), [snapshot.unreadCount])

  useEffect(() => {
    for (const { content, senderType } of news)
      host.element.emit('message', { content, sender_type: senderType })
    const isSeen = isShown && document.visibilityState === 'visible'
    if (news.length > 0 && isSoundOn && !isSeen) bell.ring(Date.now())
  }, [news])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.isComposing) return
    event.stopPropagation()
    host.element.close()
  }
  return (
    <section
      ref={frame}
      class={isShown ? 'panel shown' : 'panel'}
      part="panel"
      role="dialog"
      aria-label={words.panel}
      aria-modal={isPhone}
      dir={language.direction}
      lang={language.locale}
      onKeyDown={onKeyDown}
    >
      <Header
        {...{ words, replyTime, isSoundOn }}
        appName={appName ?? words.support}
        status={snapshot.status}
        onSound={setIsSoundOn}
        onClose={() => host.element.close()}
      />
      <MessageList {...{ chat, snapshot, language, isShown }}>
        <Opening {...{ words, appName, snapshot }} isFirstTime={host.hasChat === false} />
      </MessageList>
      <Announcer news={isShown ? news : []} words={words} />
      <Composer
        {...{ language, draft, field }}
        onDraft={setDraft}
        onSend={(content) => {
          chat.send(content)
          setDraft('')
        }}
      />
    </section>
  )
}
