import type { DeskbellChat } from './deskbell-chat.ts'
import type { Settings } from './settings.ts'

/** What the panel gets from the element it lives in. */
export interface PanelHost {
  element: DeskbellChat
  settings: Settings
  /** The folder that the script lies in. */
  base: string
  locale: string
  /** Whether there is a chat, as far as it is known. */
  hasChat: boolean | undefined
}

/** A panel that is in place, shown or not. */
export interface Panel {
  show(): void
  hide(): void
  /** Takes it away; `forget` also removes what it kept on this machine. */
  end(forget: boolean): void
}

/** The panel's module. */
export interface PanelModule {
  mount(host: PanelHost): Panel
}
