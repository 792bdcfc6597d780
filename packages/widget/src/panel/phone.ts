// Lower than any keyboard, higher than the bars that a browser shows and hides.
const KEYBOARD_PX = 120

/**
 * Makes the panel the whole screen: the page behind it does not scroll, Tab goes round in the panel, and the composer
 * stays above the on-screen keyboard, which only the visual viewport knows of. Returns how to undo it.
 */
export function fillScreen(panel: HTMLElement): () => void {
  const viewport = window.visualViewport
  const fit = () => {
    if (!viewport) return
    panel.style.height = `${viewport.height}px`
    panel.style.top = `${viewport.offsetTop}px`
    // The safe area at the bottom lies below the keyboard.
    panel.classList.toggle('raised', viewport.height < innerHeight - KEYBOARD_PX)
  }
  const keepFocus = (event: KeyboardEvent) => {
    if (event.key === 'Tab') keepFocusIn(panel, event)
  }
  const root = document.documentElement
  const { style } = root
  const { overflow } = style
  style.overflow = 'hidden'
  fit()
  viewport?.addEventListener('resize', fit)
  viewport?.addEventListener('scroll', fit)
  panel.addEventListener('keydown', keepFocus)
  return () => {
    style.overflow = overflow
    if (!root.getAttribute('style')) root.removeAttribute('style')
    viewport?.removeEventListener('resize', fit)
    viewport?.removeEventListener('scroll', fit)
    panel.removeEventListener('keydown', keepFocus)
    panel.style.height = panel.style.top = ''
    panel.classList.remove('raised')
  }
}

/** Nothing of the page can be seen behind the panel. */
function keepFocusIn(panel: HTMLElement, event: KeyboardEvent): void {
  const stops = panel.querySelectorAll<HTMLElement>('button:enabled, input, textarea, a, [tabindex]')
  const [first, last] = [stops[0], stops[stops.length - 1]]
  if (event.composedPath()[0] !== (event.shiftKey ? first : last)) return
  event.preventDefault()
  const next = event.shiftKey ? last : first
  next?.focus()
}
