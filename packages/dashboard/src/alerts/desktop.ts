/** Whether this page may notify, can ask whether it may, or was told that it may not. */
export type DesktopState = NotificationPermission | 'missing'

export const desktopState = (): DesktopState =>
  'Notification' in window && window.isSecureContext ? Notification.permission : 'missing'

export async function askForDesktop(): Promise<DesktopState> {
  return desktopState() === 'missing' ? 'missing' : await Notification.requestPermission()
}

export interface DesktopNote {
  chatId: string
  title: string
  body: string
}

/** What is shown on the desktop: one notification a chat, gone once someone has seen it. */
export class Desktop {
  readonly #shown = new Map<string, Notification>()

  show({ chatId, title, body }: DesktopNote, open: (chatId: string) => void): void {
    const note = noteOf(title, { body, tag: chatId, dir: 'auto', silent: true })
    if (!note) return
    this.#shown.set(chatId, note)
    note.onclick = () => {
      window.focus()
      this.withdraw(chatId)
      open(chatId)
    }
  }

  get chats(): Iterable<string> {
    return this.#shown.keys()
  }

  withdraw(chatId: string): void {
    this.#shown.get(chatId)?.close()
    this.#shown.delete(chatId)
  }
}

/** Browsers of phones have the constructor and refuse to be called by a page. */
function noteOf(title: string, options: NotificationOptions): Notification | null {
  try {
    return new Notification(title, options)
  } catch {
    return null
  }
}
