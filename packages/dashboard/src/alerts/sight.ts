import { useEffect } from 'react'
import { holdLock, isLockHeld } from './locks.ts'

const lockOf = (chatId: string): string => `deskbell:looking:${chatId}`

/** Tells all windows that this one shows a chat, for as long as it is visible itself. */
export function useInSight(chatId: string | undefined): void {
  useEffect(() => {
    if (chatId === undefined) return
    let leave = () => {}
    const look = () => {
      leave()
      leave = document.visibilityState === 'visible' ? holdLock(lockOf(chatId), 'shared', () => {}) : () => {}
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      leave()
    }
  }, [chatId])
}

/** Whether any window of this browser shows the chat to someone. */
export const isInSight = (chatId: string): Promise<boolean> => isLockHeld(lockOf(chatId))
