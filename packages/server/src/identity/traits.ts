import { MAX_TRAIT_LENGTH, MAX_TRAIT_NAME_LENGTH, MAX_TRAITS, type Traits } from '@deskbell/protocol'
import { isStorable } from './person.ts'

/**
 * The traits that can be kept, of whatever a host gave; null when it gave none at all. What does not fit is left out
 * instead of refused: nobody should lose their chat over what is only there to be looked at.
 */
export function fittingTraits(given: unknown): Traits | null {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
  const fitting = Object.entries(given).filter(([name, value]) => isTraitName(name) && isTraitValue(value))
  return Object.fromEntries(fitting.slice(0, MAX_TRAITS)) as Traits
}

function isTraitName(name: string): boolean {
  return name !== '' && name.length <= MAX_TRAIT_NAME_LENGTH && isStorable(name)
}

function isTraitValue(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_TRAIT_LENGTH && isStorable(value)
  return typeof value === 'boolean' || Number.isFinite(value)
}
