import type { SupportChatSummary } from '@deskbell/protocol'
import type { Settings } from './settings.ts'

const AGAIN_MS = 60_000

/** Looks once the page is idle, when it is shown again, and now and then while there is a chat. */
export function watchUnread(
  chat: { readonly hasChat: boolean | undefined },
  ask: () => Promise<void>,
  signal: AbortSignal,
): void {
  const look = () => {
    if (!signal.aborted && !document.hidden) void ask()
  }
  // The host's page comes first: loaded, then idle.
  const wait = () => (window.requestIdleCallback ?? setTimeout)(look)
  if (document.readyState === 'complete') wait()
  else addEventListener('load', wait, { signal })
  document.addEventListener('visibilitychange', look, { signal })
  const timer = setInterval(() => chat.hasChat && look(), AGAIN_MS)
  signal.onabort = () => clearInterval(timer)
}

/** Asks the desk without creating anything. Resolves to null when nobody is signed in, to undefined where nothing is known. */
export async function summarize(
  api: string,
  token: Settings['token'] | false | null,
): Promise<SupportChatSummary | null | undefined> {
  try {
    const value = typeof token === 'function' ? await token() : token
    const headers = value ? { authorization: `Bearer ${value}` } : {}
    const response = await fetch(`${api}/support_chat/summary`, { headers })
    const answer: unknown = await response.json()
    if (response.ok) return answer as SupportChatSummary // the desk's promise
    if (response.status === 401) return null
  } catch {
    // Offline, or a page that is not the desk's: nothing is known.
  }
  return undefined
}
