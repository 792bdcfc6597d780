import type { Settings } from './settings.ts'

/** Gives the launcher its name and its badge. */
export type LauncherFace = (button: HTMLButtonElement, isOpen: boolean, unreadCount: number) => void

/** What the panel needs of the element that it lives in. */
export interface PanelHost extends HTMLElement {
  readonly root: ShadowRoot
  /** Shared, so that the panel sees what the host changes. */
  readonly settings: Settings
  /** The folder that the script lies in. */
  readonly base: string
  /** The desk's REST base. */
  readonly api: string
  readonly locale: string
  /** Whether there is a chat, as far as it is known. */
  readonly hasChat: boolean | undefined
  /** It stands in the page, always open, instead of over it. */
  readonly isInline: boolean
  close(): void
  countUnread(count: number): void
  /** From now on the launcher looks like this. */
  face(face: LauncherFace): void
  /** Tells the page. */
  emit(name: string, detail?: unknown): void
}

/** A panel that is in place, shown or not. */
export interface Panel {
  show(): void
  hide(): void
  /** The settings have changed. */
  update(): void
  /** Sends a text; returns its client_id, or '' for one that cannot be sent. */
  send(content: string): string
  /** Takes it away; `forget` also gives up what is not yet sent. */
  end(forget?: true): void
}

/** The panel's module. */
export interface PanelModule {
  mount(host: PanelHost): Panel
}
