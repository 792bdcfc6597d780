import { type Conversation, createSupportChat, pageSignals } from '@deskbell/client'
import type { Panel, PanelHost } from '../loader/panel-port.ts'
import { cableAddress } from '../loader/settings.ts'
import { View } from '../view/view.ts'
import { type Language, languageFor } from '../words/words.ts'
import { adopt } from './adopt.ts'
import { Bell } from './bell.ts'
import { pageStorage } from './kept.ts'
import { launcherFace } from './launcher-face.ts'
import css from './panel.css?inline'
import { PanelView } from './panel-view.tsx'

/** Puts the panel into the element, hidden, and starts the conversation. It is drawn once its language is there. */
export function mount(host: PanelHost): Panel {
  const { root, settings } = host
  const { conversation } = settings
  const bell = new Bell()
  const chat = conversation ?? begin(host)
  const undress = adopt(root, css)
  const place = document.createElement('div')
  root.prepend(place)
  const view = new View(place)
  let language: Language | null = null
  let isWanted = false
  // In a page, only what is in sight can have been seen.
  let isInSight = !host.isInline
  const sight = new IntersectionObserver((entries) => {
    isInSight = entries.some(({ isIntersecting }) => isIntersecting)
    update()
  })
  if (host.isInline) sight.observe(host)

  const update = () => {
    if (!language || !place.parentNode) return
    view.draw(<PanelView {...{ chat, host, bell, language }} isShown={isWanted && isInSight} />)
  }
  const speak = async () => {
    const { locale } = host
    if (language?.tag !== locale) {
      const learned = await languageFor(locale).catch(() => null) // offline: the next opening tries again
      if (!learned || host.locale !== locale) return
      language = learned
      host.face(launcherFace(learned))
    }
    update()
  }
  void speak()
  if (!conversation) void chat.open()
  return {
    show() {
      bell.allow()
      isWanted = true
      void speak()
    },
    hide() {
      isWanted = false
      update()
    },
    update: () => void speak(),
    send: (content) => chat.send(content),
    end(forget) {
      view.end()
      place.remove()
      undress()
      sight.disconnect()
      bell.end()
      if (forget) chat.forget()
      else if (!conversation) chat.close()
    },
  }
}

function begin({ settings, base, api, hasChat }: PanelHost): Conversation {
  const { token } = settings
  const renew = () => (typeof settings.token === 'function' ? settings.token() : null)
  return createSupportChat({
    baseUrl: api,
    cableUrl: cableAddress(settings, base),
    token: typeof token === 'function' ? renew : token,
    isVisitor: !token && (settings.visitor ?? false),
    isKnown: hasChat,
    storage: pageStorage(),
    signals: pageSignals(window, document),
  })
}
