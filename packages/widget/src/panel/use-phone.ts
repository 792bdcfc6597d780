import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'

const query = () => matchMedia('(max-width: 480px)')

/** Returns whether this is a phone, where the panel that is shown fills the screen. */
export function usePhone(frame: RefObject<HTMLElement | null>, isShown: boolean): boolean {
  const [isPhone, setIsPhone] = useState(() => query().matches)

  useLayoutEffect(() => {
    const media = query()
    const update = () => setIsPhone(media.matches)
    media.addEventListener('change', update)
    return () => media.removeEventListener('change', update)
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
