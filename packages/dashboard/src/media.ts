import { useSyncExternalStore } from 'react'

/** Whether there is room for the list and a conversation side by side: Tailwind's `lg`. */
export function useIsWide(): boolean {
  return useSyncExternalStore(onWidth, isWide)
}

export const wantsMotion = (): boolean => !matchMedia('(prefers-reduced-motion: reduce)').matches

const WIDE = '(min-width: 64rem)'
const isWide = () => matchMedia(WIDE).matches

function onWidth(listener: () => void): () => void {
  const media = matchMedia(WIDE)
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}
