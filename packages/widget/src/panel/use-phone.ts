import type { RefObject } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'

const query = () => matchMedia('(max-width: 480px)')

/**
 * On a phone the panel is the whole screen: the page behind it does not scroll, and the composer stays above the
 * on-screen keyboard, which only the visual viewport knows of. Returns whether this is one.
 */
export function usePhone(frame: RefObject<HTMLElement | null>, isShown: boolean): boolean {
  const [isPhone, setIsPhone] = useState(() => query().matches)

  useLayoutEffect(() => {
    const media = query()
    const update = () => setIsPhone(media.matches)
    media.addEventListener('change', update)
    return () => media.removeEventListener('change', update)
  }, [])

  useLayoutEffect(() => {
    const panel = frame.current
    const viewport = window.visualViewport
    if (!isPhone || !isShown || !panel || !viewport) return
    const fit = () => {
      panel.style.height = `${viewport.height}px`
      panel.style.top = `${viewport.offsetTop}px`
    }
    const lock = new CSSStyleSheet()
    lock.replaceSync('html{overflow:hidden!important;overscroll-behavior:none!important}')
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, lock]
    fit()
    viewport.addEventListener('resize', fit)
    viewport.addEventListener('scroll', fit)
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== lock)
      viewport.removeEventListener('resize', fit)
      viewport.removeEventListener('scroll', fit)
      panel.style.height = panel.style.top = ''
    }
  }, [isPhone, isShown])

  return isPhone
}
