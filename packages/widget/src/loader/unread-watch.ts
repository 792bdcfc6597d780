import type { SupportChatSummary } from '@deskbell/protocol'
import type { Settings } from './settings.ts'

/** What is known of the chat before the panel is loaded: null when nobody is signed in, undefined for nothing. */
export type Summary = SupportChatSummary | null | undefined

const AGAIN_MS = 60_000

/** Asks for the summary once the page is idle, when it is shown again, and now and then while there is a chat. */
export function watchUnread(
  ask: () => Promise<Summary>,
  tell: (summary: Summary) => void,
  signal: AbortSignal,
): void {
  let hasChat = false
  const look = async () => {
    if (signal.aborted || document.hidden) return
    const summary = await ask()
    if (signal.aborted) return
    hasChat = summary?.exists ?? hasChat
    tell(summary)
  }
  // The host's page comes first: loaded, then idle.
  const wait = () => (window.requestIdleCallback ?? setTimeout)(look)
  if (document.readyState === 'complete') wait()
  else addEventListener('load', wait, { signal })
  document.addEventListener('visibilitychange', look, { signal })
  const timer = setInterval(() => hasChat && look(), AGAIN_MS)
  signal.onabort = () => clearInterval(timer)
}

/** Asks the desk without creating anything. */
export async function summarize(api: string, token: Settings['token'] | false | null): Promise<Summary> {
  try {
    const value = typeof token === 'function' ? await token() : token
    const headers = value ? { authorization: `Bearer ${value}` } : {}
    const response = await fetch(`${api}/support_chat/summary`, { headers })
    if (response.status === 401) return null
    if (response.ok) return (await response.json()) as SupportChatSummary // the desk's promise
  } catch {
    // Offline, or a page that is not the desk's: nothing is known.
  }
  return undefined
}
