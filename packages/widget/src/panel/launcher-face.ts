import type { LauncherFace } from '../loader/panel-port.ts'
import { counted } from '../words/plural.ts'
import type { Language } from '../words/words.ts'

/** What the badge says: nothing for none, "9+" above nine. */
export function badgeText(unreadCount: number): string {
  return unreadCount > 9 ? '9+' : `${unreadCount || ''}`
}

/** The launcher's name and badge in a language; its style sheet turns the bubble into a cross. */
export function launcherFace({ words, locale }: Language): LauncherFace {
  return (button, isOpen, unreadCount) => {
    const count = isOpen ? 0 : unreadCount
    const name = isOpen ? words.closeChat : words.openChat
    button.ariaLabel = count ? `${name}, ${counted(locale, words.unread, count)}` : name
    if (!button.firstChild) button.append(document.createElement('span'))
    if (button.firstChild) button.firstChild.textContent = badgeText(count)
  }
}
