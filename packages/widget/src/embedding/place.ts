import { type Conversation, pageSignals } from '@deskbell/client'
import type { Look } from './options.ts'

/** The widget's elements. */
export type ElementName = 'deskbell-chat' | 'deskbell-panel'

/** What is used of them. */
export interface ChatElement extends HTMLElement {
  update(settings: Look & { conversation?: Conversation }): void
  open(): void
  close(): void
  countUnread(count: number): void
  destroy(): void
}

/** Where the host wants an element, and the element once it is there. */
export class Place {
  readonly #name: ElementName
  readonly #parent: Element
  #element: ChatElement | null = null
  #life: AbortController | null = null

  constructor(name: ElementName, parent: Element) {
    this.#name = name
    this.#parent = parent
  }

  get element(): ChatElement | null {
    return this.#element
  }

  /** The element, if it can be opened and closed: a panel of its own is always open. */
  get launcher(): ChatElement | null {
    return this.#name === 'deskbell-chat' ? this.#element : null
  }

  /** Adds the element as soon as the desk's script is there; resolves to it, or to null when one is already coming. */
  async fill(desk: URL, settings: () => Look & { conversation: Conversation }): Promise<ChatElement | null> {
    if (this.#life) return null
    this.#life = new AbortController()
    const { signal } = this.#life
    await whenKnown(this.#name, new URL('widget.js', desk).href, signal)
    if (signal.aborted) return null
    const element = document.createElement(this.#name) as ChatElement // as the script defines it
    this.#element = element
    element.update(settings())
    this.#parent.append(element)
    return element
  }

  empty(): void {
    this.#life?.abort()
    this.#life = null
    this.#element?.destroy()
    this.#element = null
  }
}

/** Puts the script on the page if nobody did; what could not be loaded is tried again when the network is back. */
async function whenKnown(name: ElementName, src: string, signal: AbortSignal): Promise<void> {
  const load = () => {
    const isThere = customElements.get(name) || [...document.scripts].some((script) => script.src === src)
    if (!isThere) document.head.append(manualScript(src))
  }
  const stop = pageSignals(window, document)(load)
  signal.addEventListener('abort', stop)
  load()
  await customElements.whenDefined(name)
  stop()
}

/** The elements alone: the page says itself where it wants them. */
function manualScript(src: string): HTMLScriptElement {
  const script = document.createElement('script')
  Object.assign(script, { src, async: true, onerror: () => script.remove() })
  script.dataset.manual = ''
  return script
}
