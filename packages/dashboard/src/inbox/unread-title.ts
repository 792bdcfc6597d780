import { useEffect } from 'react'
import bellDrawing from '../bell.svg?raw'
import { useWords } from '../words/words.ts'

/** Tells of unread chats where a tab that is not looked at can: in its title and its icon. */
export function useUnreadTitle(unread: number): void {
  const { title, locale } = useWords()
  useEffect(() => {
    document.title = unread > 0 ? `(${new Intl.NumberFormat(locale).format(unread)}) ${title}` : title
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (icon) icon.href = `data:image/svg+xml,${encodeURIComponent(bellWith(unread))}`
  }, [unread, title, locale])
}

/** The bell with a count on it, as far as an icon of 16 pixels can tell one. */
function bellWith(unread: number): string {
  if (unread === 0) return bellDrawing
  const count = unread > 9 ? '9+' : String(unread)
  const badge = `<circle cx="22" cy="10" r="10" fill="#d92d20"/><text x="22" y="15" text-anchor="middle" fill="#fff" font-family="Arial, sans-serif" font-weight="bold" font-size="${count.length > 1 ? 12 : 15}">${count}</text>`
  return bellDrawing.replace('</svg>', `${badge}</svg>`)
}
