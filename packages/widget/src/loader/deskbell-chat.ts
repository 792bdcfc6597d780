import { launcherWords } from '../words/launcher.ts'
import css from './launcher.css?inline'
import { createLauncher, type Launcher } from './launcher.ts'
import type { Panel, PanelModule } from './panel-port.ts'
import { apiAddress, type Settings, settingsFrom } from './settings.ts'
import { type Summary, summarize, watchUnread } from './unread-watch.ts'

declare const __PANEL_PATH__: string

// The script's own address, which is only known while it runs for the first time.
const script = document.currentScript as HTMLScriptElement | null // a page's script, never an SVG's
const base = new URL('.', script?.src ?? location.href).href

/** `<deskbell-chat>`: the launcher, and the panel once it is needed. */
export class DeskbellChat extends HTMLElement {
  /** Open, so that hosts can style parts and tests can look in. */
  readonly root = this.attachShadow({ mode: 'open' })
  #settings: Settings = {}
  #launcher: Launcher | null = null
  #watching = new AbortController()
  #panel: Promise<Panel | null> | null = null
  #isOpen = false
  #unreadCount = 0
  #hasChat: boolean | undefined

  get token(): Settings['token'] {
    return this.#settings.token
  }

  connectedCallback(): void {
    this.configure(settingsFrom(this.dataset))
  }

  disconnectedCallback(): void {
    this.#dismantle(false)
  }

  /** Adds to the settings and begins anew with them. */
  configure(settings: Settings): void {
    Object.assign(this.#settings, settings)
    if (!this.isConnected) return
    this.#dismantle(false)
    this.#build()
  }

  open(): void {
    if (this.#isOpen || !this.#launcher) return
    this.#isOpen = true
    void this.#load().then((panel) => {
      if (!panel) this.close()
      else if (this.#isOpen) panel.show()
    })
    this.#show()
    this.emit('open')
  }

  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    void this.#panel?.then((panel) => panel?.hide())
    this.#show()
    if (this.root.activeElement) this.#launcher?.button.focus()
    this.emit('close')
  }

  toggle(): void {
    if (this.#isOpen) this.close()
    else this.open()
  }

  /** The panel knows how many replies are unread. */
  countUnread(count: number): void {
    if (count === this.#unreadCount) return
    this.#unreadCount = count
    this.#show()
    this.emit('unread', { count })
  }

  /** Tells the page. */
  emit(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(`deskbell:${name}`, { bubbles: true, composed: true, detail }))
  }

  /** Forgets who was here, on this machine as well. */
  signOut(): void {
    this.#dismantle(true)
    delete this.#settings.token
    delete this.dataset.token
    if (this.#settings.visitor) this.#build()
  }

  #build(): void {
    const { theme, position, accent, visitor, token } = this.#settings
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css + (CSS.supports('color', accent ?? '') ? `:host{--accent:${accent}}` : ''))
    this.root.adoptedStyleSheets = [sheet]
    if (theme) this.dataset.theme = theme
    if (position) this.dataset.position = position
    this.#launcher = createLauncher(launcherWords(this.#locale), () => this.toggle())
    this.root.append(this.#launcher.button)
    // Whether the host's cookie means someone is not known yet: a launcher that leads nowhere is not shown.
    this.hidden = !token && !visitor
    this.#watching = new AbortController()
    watchUnread(
      () => this.#summarize(),
      (summary) => this.#learn(summary),
      this.#watching.signal,
    )
    this.#show()
  }

  #dismantle(forget: boolean): void {
    this.close()
    this.#watching.abort()
    void this.#panel?.then((panel) => panel?.end(forget))
    if (forget) {
      withStorage((storage) => {
        for (const key of Object.keys(storage)) if (key.startsWith('deskbell:')) storage.removeItem(key)
      })
    }
    this.#panel = null
    this.#launcher?.button.remove()
    this.#launcher = null
    this.#unreadCount = 0
    this.#hasChat = undefined
  }

  async #summarize(): Promise<Summary> {
    const { token, visitor } = this.#settings
    const api = apiAddress(this.#settings, base)
    const known = token ?? (visitor && withStorage((storage) => storage.getItem(`deskbell:visitor:${api}`)))
    return visitor && !known ? undefined : summarize(api, known)
  }

  #learn(summary: Summary): void {
    if (summary === null) return
    this.hidden = false
    if (!summary || this.#panel !== null) return
    this.#hasChat = summary.exists
    this.countUnread(summary.unread_count)
    if (summary.unread_count > 0) void this.#load()
  }

  #load(): Promise<Panel | null> {
    this.#panel ??= this.#mount()
    return this.#panel
  }

  async #mount(): Promise<Panel | null> {
    const launcher = this.#launcher
    try {
      const module = (await import(/* @vite-ignore */ base + __PANEL_PATH__)) as PanelModule // built beside this
      if (launcher !== this.#launcher) return null
      this.#watching.abort()
      return module.mount({
        element: this,
        settings: this.#settings,
        base,
        locale: this.#locale,
        hasChat: this.#hasChat,
      })
    } catch {
      if (launcher === this.#launcher) this.#panel = null // offline: the next click tries again
      return null
    }
  }

  #show(): void {
    this.#launcher?.show(this.#isOpen, this.#unreadCount)
  }

  get #locale(): string {
    return this.#settings.locale || document.documentElement.lang || navigator.language
  }
}

function withStorage<T>(use: (storage: Storage) => T) {
  try {
    return use(localStorage)
  } catch {
    return null // forbidden by the browser: nothing was kept either
  }
}
