import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'

// Upright or not; and a page that is zoomed until it is as small as one.
const PHONE = '(width <= 480px), (height <= 480px)'

/** Returns whether this is a phone, where the panel that is shown fills the screen. */
export function usePhone(frame: RefObject<HTMLElement | null>, isShown: boolean): boolean {
  const [media] = useState(() => matchMedia(PHONE))
  const [isPhone, setIsPhone] = useState(media.matches)

  useLayoutEffect(() => {
    media.onchange = () => setIsPhone(media.matches)
    return () => {
      media.onchange = null
    }
  }, [])

  useLayoutEffect(() => {
    if (!isPhone || !isShown) return
    let isOver = false
    let undo = () => {}
    import('./phone.ts').then(
      ({ fillScreen }) => {
        if (!isOver && frame.current) undo = fillScreen(frame.current)
      },
      () => {}, // offline: the style sheet alone makes a good screen of it
    )
    return () => {
      isOver = true
      undo()
    }
  }, [isPhone, isShown])

  return isPhone
}
