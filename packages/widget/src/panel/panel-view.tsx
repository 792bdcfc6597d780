import type { Conversation } from '@deskbell/client'
import type { PanelHost } from '../loader/panel-port.ts'
import { useEffect, useRef, useState } from '../view/hooks.ts'
import type { Language } from '../words/words.ts'
import { Announcer } from './announcer.tsx'
import type { Bell } from './bell.ts'
import { Composer } from './composer.tsx'
import { Contact } from './contact.tsx'
import { Header } from './header.tsx'
import { useKept } from './kept.ts'
import { MessageList } from './message-list.tsx'
import { Opening } from './opening.tsx'
import { useConversation } from './use-conversation.ts'
import { useNews } from './use-news.ts'
import { usePhone } from './use-phone.ts'
import { useSight } from './use-sight.ts'

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
  const { isInline, settings } = host
  const { appName, replyTime, requireEmail, visitor, token } = settings
  const snapshot = useConversation(chat)
  const { chatId, phase, error, status, unreadCount, isContactNeeded } = snapshot
  const frame = useRef<HTMLElement | null>(null)
  const composer = useRef<HTMLTextAreaElement | null>(null)
  const [draft, setDraft] = useKept(chatId && `draft:${chatId}`)
  const [sound, setSound] = useKept(chatId && 'sound')
  const isSoundOn = sound !== 'off'
  const isRequired = (requireEmail ?? false) !== false && visitor === true && !token
  const isAsked = isContactNeeded || (isRequired && phase === 'ready' && !chatId)
  const [isReleased, setIsReleased] = useState(false)
  const isSignedOut = phase === 'failed' && error?.code === 'unauthenticated'
  const isQuestioned = isRequired && isAsked && !isReleased
  const isHeld = isSignedOut || isQuestioned
  const isPhone = usePhone(frame, isShown && !isInline) && !isInline
  const isSeen = useSight(isShown)
  const news = useNews(snapshot)

  const focus = () => (composer.current ?? frame.current)?.focus({ preventScroll: true })
  useEffect(() => {
    if (isShown && !isInline && !isQuestioned) focus()
  }, [isShown, isHeld])

  useEffect(() => {
    host.countUnread(unreadCount)
  }, [unreadCount])

  useEffect(() => {
    for (const { content, senderType } of news) host.emit('message', { content, sender_type: senderType })
    if (news.length > 0 && isSoundOn && !isSeen)
      void bell.ring(Date.now(), () => chat.getSnapshot().unreadCount > 0)
  }, [news])

  useEffect(() => {
    chat.look(isSeen)
    return () => chat.look(false)
  }, [isSeen])

  useEffect(() => {
    host.onkeydown = (event) => {
      if (!isShown || isInline || event.key !== 'Escape' || event.isComposing) return
      event.stopPropagation()
      host.close()
    }
    return () => {
      host.onkeydown = null
    }
  }, [isShown])

  return (
    <section
      ref={frame}
      class={isInline ? 'panel inline' : isShown ? 'panel shown' : 'panel'}
      part="panel"
      tabindex={-1}
      role={isInline ? 'region' : 'dialog'}
      aria-label={words.panel}
      {...(isPhone && { 'aria-modal': true })}
      lang={language.locale}
    >
      <div class="page" dir={language.direction}>
        <Header
          {...{ words, replyTime, status, isSoundOn }}
          appName={appName ?? words.support}
          onSound={(isOn) => setSound(isOn ? '' : 'off')}
          onClose={isInline ? undefined : () => host.close()}
        />
        <MessageList
          {...{ chat, snapshot, language, isShown, isSeen }}
          opening={<Opening {...{ words, appName, snapshot }} isFirstTime={host.hasChat === false} />}
          ending={
            <Contact
              {...{ chat, snapshot, words, isShown, isRequired }}
              onRelease={setIsReleased}
              onDone={focus}
            />
          }
        />
        <Announcer {...{ news, isShown, words }} />
        {!isHeld && (
          <Composer
            {...{ language, draft }}
            field={composer}
            onDraft={setDraft}
            onSend={(content) => {
              chat.send(content)
              setDraft('')
            }}
          />
        )}
      </div>
    </section>
  )
}
