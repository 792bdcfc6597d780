import { useEffect, useState } from '../view/hooks.ts'
import type { Ref } from '../view/node.ts'
import { fillScreen } from './phone.ts'

// Upright or not; and a page that is zoomed until it is as small as one.
const PHONE = '(width <= 480px), (height <= 480px)'

/** Returns whether this is a phone, where the panel that is shown fills the screen. */
export function usePhone(frame: Ref<HTMLElement | null>, isShown: boolean): boolean {
  const [media] = useState(() => matchMedia(PHONE))
  const [isPhone, setIsPhone] = useState(media.matches)

  useEffect(() => {
    media.onchange = () => setIsPhone(media.matches)
    return () => {
      media.onchange = null
    }
  }, [])

  useEffect(() => {
    if (!isPhone || !isShown) return
    return frame.current ? fillScreen(frame.current) : undefined
  }, [isPhone, isShown])

  return isPhone
}
