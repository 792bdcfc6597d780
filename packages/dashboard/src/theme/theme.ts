import { attempt } from '../desk/keepsakes.ts'

/** The colours to wear: the system's choice, or the admin's own. */
export type Theme = 'system' | 'light' | 'dark'

const KEY = 'deskbell:theme'
const ORDER: readonly Theme[] = ['system', 'light', 'dark']

export function keptTheme(): Theme {
  const kept = attempt((storage) => storage.getItem(KEY))
  return ORDER.find((theme) => theme === kept) ?? 'system'
}

export function keepTheme(theme: Theme): void {
  attempt((storage) => storage.setItem(KEY, theme))
  wear(theme)
}

export function wear(theme: Theme): void {
  document.documentElement.dataset.theme = theme
}

export function nextTheme(theme: Theme): Theme {
  return ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? 'system'
}
