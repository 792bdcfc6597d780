import type { Choices } from './choices.ts'

/** Puts on the colours of a theme. */
export function wear(theme: Choices['theme']): void {
  document.documentElement.dataset.theme = theme
}
