import { firstName } from '../words/launcher.ts'
import css from './launcher.css?inline'
import type { LauncherFace, Panel, PanelHost, PanelModule } from './panel-port.ts'
import { apiAddress, isOtherCaller, type Settings, settingsFrom } from './settings.ts'
import { summarize, watchUnread } from './unread-watch.ts'

declare const __PANEL_PATH__: string

// The script's own address, which is only known while it runs for the first time.
export const script = document.currentScript as HTMLScriptElement | null // a page's script, never an SVG's
const base = new URL('.', script?.src ?? location.href).href

const PREFIX = 'deskbell:'

/** What can be listened to: `open`, `close`, `unread` (`{ count }`), `message` (`{ content, sender_type }`). */
type EventName = 'open' | 'close' | 'unread' | 'message'
type Listener = (detail: unknown) => void

/** A verb and what it is given, such as `['identify', { token }]`. */
export type QueuedCall = {
  [Verb in VerbName]: [Verb, ...Parameters<DeskbellChat[Verb]>]
}[VerbName]
type VerbName =
  | (
      | 'init'
      | 'open'
      | 'close'
      | 'toggle'
      | 'show'
      | 'hide'
      | 'identify'
      | 'logout'
      | 'update'
      | 'sendMessage'
    )
  | ('on' | 'once' | 'off' | 'destroy')

/** One conversation: a launcher that loads its panel when that is needed, or in the page the panel alone. */
export class DeskbellChat extends HTMLElement implements PanelHost {
  /** Open, so that hosts can style parts and tests can look in. */
  readonly root = this.attachShadow({ mode: 'open' })
  readonly settings: Settings = {}
  readonly base = base
  readonly isInline: boolean = false
  hasChat: boolean | undefined
  readonly #sheet = new CSSStyleSheet()
  readonly #launcher = document.createElement('button')
  readonly #heard = new Map<Listener, (event: Event) => void>()
  #face: LauncherFace = (button) => {
    button.ariaLabel = firstName(this.locale)
  }
  /** Null before it begins and after it ends. Once the panel is there, that watches. */
  #watch: AbortController | null = null
  #panel: Promise<Panel | null> | null = null
  #unreadCount = 0
  /** At first where the button of an e-mail leads to. */
  #isOpen = location.search.includes('deskbell=open')
  #isAway = false
  /** Someone is signed in, or need not be. */
  #isWelcome = false
  /** The page did not put it where it is, so it puts itself back. */
  #isPlaced = false
  #begun = () => {}
  readonly #beginning = new Promise<void>((begun) => {
    this.#begun = begun
  })

  constructor() {
    super()
    this.#launcher.className = this.#launcher.part = 'launcher'
    this.#launcher.onclick = () => this.toggle()
  }

  get locale(): string {
    return this.settings.locale || document.documentElement.lang || navigator.language
  }

  get api(): string {
    return apiAddress(this.settings, base)
  }

  connectedCallback(): void {
    this.update({ ...settingsFrom(this.dataset), ...this.settings })
  }

  disconnectedCallback(): void {
    // Some take it away only to put it elsewhere, and some pages replace their whole body: it goes on.
    setTimeout(() => {
      if (this.parentNode) this.#place()
      if (this.isConnected) return
      this.close()
      this.#end()
    })
  }

  /** Puts it on the page if it is nowhere yet, with these settings added. */
  init(settings?: Settings): void {
    this.update(settings)
    if (this.isConnected) return
    this.#isPlaced = true
    if (document.body) this.#place()
    else addEventListener('DOMContentLoaded', this.#place, { once: true })
  }

  /** Also while the launcher is off the screen; before it begins, as soon as it does. */
  open(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#open()
    this.emit('open')
  }

  close(): void {
    if (!this.#isOpen || this.isInline) return
    this.#isOpen = false
    void this.#panel?.then((panel) => panel?.hide())
    this.#draw()
    if (this.root.activeElement) this.#launcher.focus()
    this.emit('close')
  }

  toggle(): void {
    if (this.#isOpen) this.close()
    else this.open()
  }

  /** Puts the launcher back. */
  show(): void {
    this.#isAway = false
    this.#draw()
  }

  /** Takes the launcher off the screen, and the panel with it. */
  hide(): void {
    this.close()
    this.#isAway = true
    this.#draw()
  }

  /** Adds to the settings: another caller or desk begins anew, another look is shown by what there is. */
  update(settings: Settings = {}): void {
    if (this.#watch && isOtherCaller(this.settings, settings)) {
      // Who signs in goes on where they were as a visitor; someone else begins.
      if (this.settings.token) this.close()
      this.#end()
    }
    Object.assign(this.settings, settings)
    if (!this.isConnected) return
    this.#sheet.replaceSync(css + lookOf(this.settings))
    if (this.#watch) void this.#panel?.then((panel) => panel?.update())
    else this.#begin()
    this.#draw()
  }

  /** Someone signed in; a visitor's chat comes along. The same again changes nothing. */
  identify({ token }: Required<Pick<Settings, 'token'>>): void {
    this.init({ token })
  }

  /** Sends a text as the user; resolves to its client_id, or to '' when it could not be taken. */
  async sendMessage(content: string): Promise<string> {
    if (!this.isConnected) await this.#beginning
    return (await this.#load())?.send(content) ?? ''
  }

  /** Forgets who was here, on this machine as well. */
  logout(): void {
    this.close()
    this.#end(true)
    delete this.settings.token
    delete this.dataset.token
    const kept = storage()
    for (const key of Object.keys(kept)) if (key.startsWith(PREFIX)) delete kept[key]
    if (this.settings.visitor) this.update()
  }

  /** Calls as they can be queued before the script is there: a verb and what it is given. */
  push(...calls: QueuedCall[]): void {
    for (const [verb, ...given] of calls)
      (this[verb] as ((...given: unknown[]) => unknown) | undefined)?.(...given)
  }

  /** Returns how to stop listening. */
  on(name: EventName, listener: Listener, options?: AddEventListenerOptions): () => void {
    const hear = this.#heard.get(listener) ?? ((event) => listener((event as CustomEvent<unknown>).detail)) // only ours has this name
    this.#heard.set(listener, hear)
    this.addEventListener(PREFIX + name, hear, options)
    return () => this.off(name, listener)
  }

  once(name: EventName, listener: Listener): () => void {
    return this.on(name, listener, { once: true })
  }

  off(name: EventName, listener: Listener): void {
    this.removeEventListener(PREFIX + name, this.#heard.get(listener) ?? listener)
  }

  /** Takes it off the page with everything it holds. */
  destroy(): void {
    this.close()
    this.#isPlaced = false
    this.#end()
    this.remove()
  }

  /** The panel knows how many replies are unread, and rings for them. */
  countUnread(count: number): void {
    if (count === this.#unreadCount) return
    this.#unreadCount = count
    if (count) void this.#load()
    this.#draw()
    this.emit('unread', { count })
  }

  face(face: LauncherFace): void {
    this.#face = face
    this.#draw()
  }

  emit(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(PREFIX + name, { bubbles: true, detail }))
  }

  readonly #place = (): void => {
    if (this.#isPlaced && !this.isConnected) document.body.append(this)
  }

  #open(): void {
    if (!this.#watch) return
    this.#isWelcome = true
    this.#draw()
    void this.#load().then((panel) => {
      if (this.#isOpen) panel?.show()
      // It may have begun anew meanwhile.
      if (!panel && !this.#panel) this.close()
    })
  }

  #begin(): void {
    const { token, visitor, conversation } = this.settings
    const watch = new AbortController()
    this.#watch = watch
    this.#begun()
    this.root.adoptedStyleSheets = [this.#sheet]
    if (this.isInline) {
      this.#isOpen = true
      addEventListener('online', () => this.#open(), watch)
    } else this.root.append(this.#launcher)
    // Whether the host's cookie means someone is not known yet: a launcher that leads nowhere is not shown.
    this.#isWelcome = Boolean(this.isInline || conversation || token || visitor)
    if (this.#isOpen) this.#open()
    else if (!conversation) watchUnread(this, () => this.#look(watch.signal), watch.signal)
  }

  #end(forget?: true): void {
    this.#watch?.abort()
    void this.#panel?.then((panel) => panel?.end(forget))
    this.#watch = this.#panel = null
    this.#isWelcome = false
    this.hasChat = undefined
    this.countUnread(0)
    this.#draw()
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { token, visitor } = this.settings
    const { api } = this
    const known = token ?? (visitor && storage()[`${PREFIX}visitor:${api}`])
    if (visitor && !known) return
    const summary = await summarize(api, known)
    if (signal.aborted || summary === null) return
    this.#isWelcome = true
    this.#draw()
    if (!summary) return
    this.hasChat = summary.exists
    this.countUnread(summary.unread_count)
  }

  /** Resolves to null where it cannot be had now; the next need tries again. */
  async #load(): Promise<Panel | null> {
    const watch = this.#watch
    if (!watch) return null
    const isCurrent = () => watch === this.#watch
    // Of that type because it was built beside this.
    this.#panel ??= (import(/* @vite-ignore */ base + __PANEL_PATH__) as Promise<PanelModule>).then(
      ({ mount }) => {
        if (!isCurrent()) return null
        watch.abort()
        return mount(this)
      },
      () => {
        if (isCurrent()) this.#panel = null
        return null
      },
    )
    return this.#panel
  }

  #draw(): void {
    const isOver = this.#isOpen && !this.isInline
    this.hidden = !isOver && (this.#isAway || !this.#isWelcome)
    this.#launcher.ariaExpanded = `${this.#isOpen}`
    this.#face(this.#launcher, this.#isOpen, this.#unreadCount)
  }
}

/** `<deskbell-panel>`: in the host's own container. */
export class DeskbellPanel extends DeskbellChat {
  override readonly isInline = true
}

/** The corner is the one at the end of the line: which way lines run decides about left and right. */
function lookOf({ accent = '', theme = 'auto', position }: Settings): string {
  return `:host{${CSS.supports('color', accent) ? `--accent:${accent};` : ''}color-scheme:${theme.replace('auto', 'light dark')};direction:${position === 'left' ? 'rtl' : position && 'ltr'}}`
}

/** The page's own storage; an empty one where the browser forbids it, and then nothing was kept either. */
function storage(): Record<string, string> {
  try {
    return localStorage
  } catch {
    return {}
  }
}
