import { DeskbellChat } from './deskbell-chat.ts'
import type { Settings } from './settings.ts'

/** What can be listened to: `open`, `close`, `unread` (`{ count }`), `message` (`{ content, sender_type }`). */
type EventName = 'open' | 'close' | 'unread' | 'message'

/** `window.Deskbell`. */
export interface Deskbell {
  /** Puts the widget on the page, or sets up anew the one that is there. */
  init(settings?: Settings): void
  open(): void
  close(): void
  toggle(): void
  /** Someone signed in; a visitor's chat comes along. */
  identify(user: { token: NonNullable<Settings['token']> }): void
  /** The user signed out: leaves no trace on this machine. */
  logout(): void
  /** Returns how to stop listening. */
  on(name: EventName, listener: (detail: unknown) => void): () => void
  /** Takes the widget and everything it holds off the page. */
  destroy(): void
}

/** The verbs, over the element of the page. */
export function createFacade(): Deskbell {
  let life = new AbortController()
  let element: DeskbellChat | null = null

  const place = (settings: Settings) => {
    element ??= document.querySelector<DeskbellChat>('deskbell-chat') ?? new DeskbellChat()
    element.configure(settings)
    if (!element.isConnected) document.body.append(element)
  }
  const init = (settings: Settings = {}) => {
    if (document.body) place(settings)
    else document.addEventListener('DOMContentLoaded', () => place(settings), { signal: life.signal })
  }
  return {
    init,
    open: () => element?.open(),
    close: () => element?.close(),
    toggle: () => element?.toggle(),
    identify({ token }) {
      if (element?.token !== token) init({ token })
    },
    logout: () => element?.signOut(),
    on(name, listener) {
      const hear = (event: Event) => listener((event as CustomEvent<unknown>).detail) // only ours has this name
      document.addEventListener(`deskbell:${name}`, hear, { signal: life.signal })
      return () => document.removeEventListener(`deskbell:${name}`, hear)
    },
    destroy() {
      element?.remove()
      element = null
      life.abort()
      life = new AbortController()
    },
  }
}
