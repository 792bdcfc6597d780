import {
  type Connection,
  createConnection,
  type KeyStorage,
  pageSignals,
  type Status,
} from '@deskbell/client'
import { ADMIN_CHANNEL, type AdminEvent, type AdminProfile } from '@deskbell/protocol'
import type { QueryClient } from '@tanstack/react-query'
import { createContext, use, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { createNewsDesk, type NewsDesk } from '../inbox/news.ts'
import { me as session } from '../session/session.ts'
import { API } from './call.ts'
import { keepsakesOf } from './keepsakes.ts'

/** What every room of the signed-in dashboard shares: who works here, the cable, and what is heard over it. */
export interface Desk {
  me: AdminProfile
  connection: Connection
  news: NewsDesk
  /** Drafts and unsent messages, kept over a reload. */
  keepsakes: KeyStorage & { forgetAll(): void }
}

/** The address of the cable beside the API that this page talks to. */
const cableUrl = (): string => new URL('/cable', location.href.replace(/^http/, 'ws')).href

// A frame or two: long enough to gather a burst, too short to be seen.
const GATHER_MS = 30

/** Opens the desk for as long as the component lives; null until it is open. */
export function useOpenDesk(me: AdminProfile, queries: QueryClient): Desk | null {
  const [desk, setDesk] = useState<Omit<Desk, 'me'> | null>(null)
  const { id } = me
  useEffect(() => {
    const opened = openDesk(queries)
    setDesk({ ...opened, keepsakes: keepsakesOf(id) })
    return () => {
      opened.connection.close()
      setDesk(null)
      // What is kept says how new it is in positions of this desk's news.
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
    }
  }, [id, queries])
  // A changed name does not close what is open.
  return useMemo(() => desk && { ...desk, me }, [desk, me])
}

/** Opens the cable of this page. What it says is heard, and what it may have missed is asked for. */
export function openDesk(queries: QueryClient): Pick<Desk, 'connection' | 'news'> {
  const connection = createConnection({
    ...{ url: cableUrl(), baseUrl: location.origin + API },
    signals: pageSignals(window, document),
  })
  const news = createNewsDesk((notify) => setTimeout(notify, GATHER_MS))
  const askAgain = (queryKey: [what: 'chat', chatId?: string]) => {
    // To ask for a chat is to view it, so a hidden page waits until it is seen.
    const refetchType = document.visibilityState === 'visible' ? 'active' : 'none'
    void queries.invalidateQueries({ queryKey, refetchType })
  }
  const relist = () => {
    void queries.invalidateQueries({ queryKey: ['chats'] })
    askAgain(['chat'])
  }
  const recheckSession = () => void queries.invalidateQueries({ queryKey: ['me'] })
  connection.subscribe(
    { channel: ADMIN_CHANNEL },
    {
      received: (event) => {
        if (!isEvent(event)) return
        news.hear(event)
        if (event.type === 'notification_changed' || event.type === 'user_mail_changed') {
          askAgain(['chat', event.chat_id])
        }
      },
      // What was told before the stream was live is in the list that is asked for now.
      confirmed: relist,
      rejected: recheckSession,
      poll: () => isRelisted(queries),
    },
  )
  connection.onStatus(() => connection.status === 'offline' && recheckSession())
  return { connection, news }
}

export const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = use(DeskContext)
  if (!desk) throw new Error('The desk is not open here.')
  return desk
}

export function useStatus(connection: Connection): Status {
  return useSyncExternalStore(
    (listener) => connection.onStatus(listener),
    () => connection.status,
  )
}

/** Asks for every list that is shown, and for the session, which is asked for even where no list is. */
async function isRelisted(queries: QueryClient): Promise<boolean> {
  try {
    await Promise.all([
      queries.fetchQuery({ ...session, staleTime: 0 }),
      queries.refetchQueries({ queryKey: ['chats'] }, { throwOnError: true, cancelRefetch: false }),
    ])
    return true
  } catch {
    return false
  }
}

// Its further shape is the desk's promise; unknown types are ignored where it is read.
function isEvent(event: unknown): event is AdminEvent {
  return typeof event === 'object' && event !== null && 'type' in event
}
