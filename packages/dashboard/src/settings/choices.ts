import { createContext, use } from 'react'
import { attempt } from '../desk/keepsakes.ts'
import { LANGUAGES } from '../words/words.ts'

const CHOICES = {
  theme: ['system', 'light', 'dark'],
  language: ['browser', ...LANGUAGES],
  sound: ['off', 'on'],
  alerts: ['off', 'on'],
} as const

/** What an admin chose for this browser; the first of each is what counts until then. */
export type Choices = { [Name in keyof typeof CHOICES]: (typeof CHOICES)[Name][number] }

export const THEMES = CHOICES.theme

const keyOf = (name: keyof Choices): string => `deskbell:${name}`

export function keptChoices(): Choices {
  return {
    theme: kept('theme', CHOICES.theme),
    language: kept('language', CHOICES.language),
    sound: kept('sound', CHOICES.sound),
    alerts: kept('alerts', CHOICES.alerts),
  }
}

export function keepChoice(name: keyof Choices, choice: string): void {
  attempt((storage) => storage.setItem(keyOf(name), choice))
}

function kept<T extends string>(name: keyof Choices, allowed: readonly [T, ...T[]]): T {
  const found = attempt((storage) => storage.getItem(keyOf(name)))
  return allowed.find((choice) => choice === found) ?? allowed[0]
}

/** The choices, and the way to make another one. */
export interface Choosing {
  choices: Choices
  choose<Name extends keyof Choices>(name: Name, choice: Choices[Name]): void
}

export const ChoicesContext = createContext<Choosing | null>(null)

export function useChoices(): Choosing {
  const choosing = use(ChoicesContext)
  if (!choosing) throw new Error('Nothing can be chosen here.')
  return choosing
}
