import { useEffect, useState } from '../view/hooks.ts'

/** Whether someone may have it before their eyes: it is shown, and so is the tab. */
export function useSight(isShown: boolean): boolean {
  const [isVisible, setIsVisible] = useState(!document.hidden)
  useEffect(() => {
    const look = () => setIsVisible(!document.hidden)
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  return isShown && isVisible
}
