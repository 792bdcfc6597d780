import type { LauncherWords } from '../words/launcher.ts'

/** The round button in the corner. */
export interface Launcher {
  button: HTMLButtonElement
  show(isOpen: boolean, unreadCount: number): void
}

const BUBBLE = 'M21 11.5a8 8 0 0 1-8 8H4.5l1.7-2.6A8 8 0 1 1 21 11.5Z'
const CROSS = 'M6 6l12 12M18 6L6 18'

/** What the badge says: nothing for none, "9+" above nine. */
export function badgeText(unreadCount: number): string {
  return unreadCount > 9 ? '9+' : String(unreadCount || '')
}

/** Makes the launcher; it is shown by the first `show`. */
export function createLauncher({ open, close, unread }: LauncherWords, onClick: () => void): Launcher {
  const button = document.createElement('button')
  const badge = document.createElement('span')
  button.className = 'launcher'
  badge.className = 'badge'
  button.part = 'launcher'
  button.append(icon(), badge)
  button.onclick = onClick
  return {
    button,
    show(isOpen, unreadCount) {
      const count = isOpen ? 0 : unreadCount
      const name = isOpen ? close : open
      button.ariaExpanded = String(isOpen)
      button.ariaLabel = count ? `${name}, ${unread(count)}` : name
      badge.textContent = badgeText(count)
    },
  }
}

/** Both shapes lie on each other; the style sheet turns one into the other. */
function icon(): SVGElement {
  const svg = drawn('svg', 'viewBox', '0 0 24 24')
  svg.append(drawn('path', 'd', BUBBLE), drawn('path', 'd', CROSS))
  return svg
}

function drawn(name: 'svg' | 'path', attribute: string, value: string): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  element.setAttribute(attribute, value)
  return element
}
