import type { DatabaseFailure } from '../store/failure.ts'

/** Why a database cannot be used, in a sentence for whoever wrote its address into `setting`. */
export function databaseTrouble(setting: string, { cause }: DatabaseFailure): string {
  return `The database of ${setting} cannot be used: ${reason(cause)}`
}

function reason(cause: unknown): string {
  // A host with several addresses, none of which answers.
  if (cause instanceof AggregateError) return cause.errors.map(reason).join('; ')
  return cause instanceof Error ? cause.message : String(cause)
}
