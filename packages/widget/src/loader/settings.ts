/** How a host sets the widget up: by `data-…` attributes of the script tag or the element, or by `Deskbell.init`. */
export interface Settings {
  /** The user's token, or where to get one; left out where the host's cookie says who is calling. */
  token?: string | (() => Promise<string | null> | string | null)
  /** People who are not signed in may write. */
  visitor?: boolean
  theme?: 'auto' | 'light' | 'dark'
  /** The corner; left out, it is the one at the end of the line. */
  position?: 'left' | 'right'
  /** A BCP 47 tag; left out, the page's language. */
  locale?: string
  /** Any CSS colour. */
  accent?: string
  appName?: string
  /** A sentence such as "We usually answer within an hour". */
  replyTime?: string
  /** The desk's REST base without a slash at the end. */
  api?: string
  /** The `ws(s):` address of its cable. */
  cable?: string
}

/** The attributes of an element as settings: `data-app-name` is `appName`. Those of other names do no harm. */
export function settingsFrom(dataset: DOMStringMap): Settings {
  const settings = dataset as Settings // a parse boundary: what a host misspells it also sees
  return 'visitor' in dataset ? { ...settings, visitor: true } : settings
}

/**
 * The REST base follows from the folder that the script lies in: `/widget.js` belongs to a desk of its own (`/api`),
 * `/x/widget.js` to one that is mounted below `/x`.
 */
export function apiAddress({ api }: Settings, base: string): string {
  const address = new URL(api ?? (new URL(base).pathname === '/' ? 'api' : ''), base)
  return address.href.replace(/\/$/, '')
}

/** The cable lies beside the script, too. */
export function cableAddress({ cable }: Settings, base: string): string {
  return new URL(cable ?? 'cable', base).href.replace(/^http/, 'ws')
}
