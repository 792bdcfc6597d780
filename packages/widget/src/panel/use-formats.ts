import { useEffect, useMemo, useState } from '../view/hooks.ts'
import { TimeFormats } from './time-formats.ts'

/** The panel has slid up by then. */
const STANDING_MS = 250

/**
 * What writes times; null while the panel slides up. The first date that a page writes takes a browser longer than
 * drawing the whole log (Chromium: 34 ms of a slow processor), and would cost the panel frames on its way.
 */
export function useFormats(locale: string, isDrawn: boolean): TimeFormats | null {
  const [isStanding, setIsStanding] = useState(false)
  useEffect(() => {
    if (!isDrawn) return
    const timer = setTimeout(() => setIsStanding(true), STANDING_MS)
    return () => clearTimeout(timer)
  }, [isDrawn])
  return useMemo(() => (isStanding ? new TimeFormats(locale) : null), [isStanding, locale])
}
