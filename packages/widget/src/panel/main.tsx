import { createSupportChat, pageSignals } from '@deskbell/client'
import { render } from 'preact'
import type { Panel, PanelHost } from '../loader/panel-port.ts'
import { apiAddress, cableAddress } from '../loader/settings.ts'
import { languageFor } from '../words/words.ts'
import { Bell } from './bell.ts'
import { keepsake, pageStorage } from './keepsake.ts'
import css from './panel.css?inline'
import { PanelView } from './panel-view.tsx'

/** Puts the panel into the element, hidden, and starts the conversation. */
export function mount(host: PanelHost): Panel {
  const { settings, base } = host
  const root = host.element.root
  const language = languageFor(host.locale)
  const bell = new Bell()
  const chat = createSupportChat({
    baseUrl: apiAddress(settings, base),
    cableUrl: cableAddress(settings, base),
    token: settings.token,
    isVisitor: !settings.token && (settings.visitor ?? false),
    isKnown: host.hasChat,
    storage: pageStorage(),
    signals: pageSignals(window, document),
  })
  const styles = new CSSStyleSheet()
  styles.replaceSync(css)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, styles]
  const place = document.createElement('div')
  root.prepend(place)
  const draw = (isShown: boolean) => {
    render(<PanelView {...{ chat, host, language, bell, isShown }} />, place)
  }
  draw(false)
  void chat.open()
  return {
    show() {
      bell.allow()
      place.getBoundingClientRect() // without a layout while hidden there is nothing to slide up from
      draw(true)
    },
    hide: () => draw(false),
    end(forget) {
      const { chatId } = chat.getSnapshot()
      render(null, place)
      place.remove()
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => sheet !== styles)
      bell.end()
      if (forget) chat.forget()
      else chat.close()
      if (forget && chatId) keepsake(`draft:${chatId}`).write('')
    },
  }
}
