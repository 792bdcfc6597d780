import { useEffect } from 'react'
import bell from '../bell.svg'
import bellUnread from '../bell-unread.svg'
import { useWords } from '../words/words.ts'

/** Tells of unread chats where a tab that is not looked at can: in its title and its icon. */
export function useUnreadTitle(unread: number): void {
  const { title, locale } = useWords()
  useEffect(() => {
    document.title = unread > 0 ? `(${new Intl.NumberFormat(locale).format(unread)}) ${title}` : title
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (icon) icon.href = unread > 0 ? bellUnread : bell
  }, [unread, title, locale])
}
