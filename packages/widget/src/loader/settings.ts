import type { Conversation } from '@deskbell/client'

/** How a host sets the widget up: by `data-…` attributes of the script tag or the element, or by `Deskbell.init`. */
export interface Settings {
  /** The user's token, or where to get one; left out where the host's cookie says who is calling. */
  token?: string | (() => Promise<string | null> | string | null)
  /** People who are not signed in may write. */
  visitor?: boolean
  /** Visitors are asked for an e-mail address before their first message, not after it; as an attribute it has no value. */
  requireEmail?: boolean | ''
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
  /** One that the host has begun itself, and ends itself. */
  conversation?: Conversation
}

const CALLER = ['token', 'visitor', 'api', 'cable', 'conversation'] as const

/** Whether a change means someone else. Functions are not compared: a host may make a new one each time. */
export function isOtherCaller(settings: Settings, change: Settings): boolean {
  return CALLER.some((name) => {
    const [before, after] = [settings[name], change[name]]
    return (
      name in change && before !== after && !(typeof before === 'function' && typeof after === 'function')
    )
  })
}

/** The attributes of an element as settings: `data-app-name` is `appName`. Those of other names do no harm. */
export function settingsFrom(dataset: DOMStringMap): Settings {
  return { ...dataset, ...('visitor' in dataset && { visitor: true }) } as Settings // a parse boundary: what a host misspells it also sees
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
