'use client'

import { type ChatState, type ChatVerbs, INITIAL_STATE } from '@deskbell/widget/embedding'
import { useMemo, useSyncExternalStore } from 'react'
import { useEmbedding } from './embedding-context.ts'

/** The user's chat as it is now, and what can be done with it. */
export type SupportChatState = ChatState & ChatVerbs

/**
 * The conversation of the nearest provider: the one that `<SupportChat>` and `<SupportChatPanel>` show as well.
 * @example
 * const { unreadCount, open } = useSupportChat()
 * return <button onClick={open}>Help ({unreadCount})</button>
 */
export function useSupportChat(): SupportChatState {
  const { subscribe, getState, verbs } = useEmbedding()
  const state = useSyncExternalStore(subscribe, getState, () => INITIAL_STATE)
  return useMemo(() => ({ ...state, ...verbs }), [state, verbs])
}
