import { useEffect, useEffectEvent } from 'react'

/** Runs what a key stands for, unless someone is typing or a dialog is open. */
export function useShortcuts(shortcuts: ReadonlyMap<string, () => void>): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (!isForPage(event)) return
    const run = shortcuts.get(event.key)
    if (!run) return
    event.preventDefault()
    run()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
}

const TYPING = 'input, textarea, select, [contenteditable], [role="dialog"]'
// What scrolls or moves by itself keeps its arrows.
const HAS_ARROWS = '[role="tablist"], [role="log"], [role="separator"]'

function isForPage(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing) return false
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const target = event.target instanceof Element ? event.target : null
  if (target?.closest(TYPING)) return false
  return !(event.key.startsWith('Arrow') && target?.closest(HAS_ARROWS))
}
