import { pageSignals, type SupportChatOptions, type TokenSource } from '@deskbell/client'
import { apiAddress, cableAddress, type Settings } from '../loader/settings.ts'
import { pageStorage } from './traces.ts'

const LOOK = ['theme', 'accent', 'locale', 'position', 'appName', 'replyTime'] as const

/** How the widget looks and speaks. */
export type Look = { [Name in (typeof LOOK)[number]]?: Settings[Name] | undefined }

/** Whose chat it is, where its desk is, and how it looks. */
export interface EmbeddingOptions extends Look {
  /** The desk's address, such as `https://desk.example`, or the path below which it is mounted. */
  desk: string
  /** The user's token, or where to get one; left out where the host's own cookie says who is calling. */
  token?: TokenSource | undefined
  /** People who are not signed in may write. */
  visitor?: boolean | undefined
}

/** Functions are not compared: a host may make a new one each time that it draws. */
export function isSameCaller(a: EmbeddingOptions, b: EmbeddingOptions): boolean {
  const isSameToken = a.token === b.token || (typeof a.token === 'function' && typeof b.token === 'function')
  return isSameToken && a.desk === b.desk && Boolean(a.visitor) === Boolean(b.visitor)
}

export function hasSameLook(a: EmbeddingOptions, b: EmbeddingOptions): boolean {
  return LOOK.every((name) => a[name] === b[name])
}

export function lookOf({ theme, accent, locale, position, appName, replyTime }: EmbeddingOptions): Look {
  return { theme, accent, locale, position, appName, replyTime }
}

/** The folder that everything of the desk lies in. */
export function deskAddress({ desk }: EmbeddingOptions): URL {
  return new URL(desk.replace(/\/?$/, '/'), location.href)
}

/** How the client reaches the desk. A token's function is asked for anew, as the host may change it. */
export function chatOptions(latest: () => EmbeddingOptions): SupportChatOptions {
  const options = latest()
  const { token, visitor = false } = options
  const { href } = deskAddress(options)
  const renew = () => {
    const { token } = latest()
    return typeof token === 'function' ? token() : (token ?? null)
  }
  return {
    baseUrl: apiAddress({}, href),
    cableUrl: cableAddress({}, href),
    token: typeof token === 'function' ? renew : token,
    isVisitor: !token && visitor,
    storage: pageStorage(),
    signals: pageSignals(window, document),
  }
}
