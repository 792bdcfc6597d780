import { DeskbellError } from '@deskbell/protocol'

/**
 * Why the database did not do what it was asked: it collided with another transaction and may do it at once when asked
 * again; the connection was lost, so that nobody knows what was done; or it cannot do it now.
 */
export type FailureKind = 'collision' | 'lost' | 'unavailable'

/** The database did not do it, and not because of what it was asked to do. Whoever waits may try again. */
export class DatabaseFailure extends DeskbellError {
  readonly kind: FailureKind

  constructor(kind: FailureKind, cause: unknown) {
    super('unavailable', 'The database cannot be used right now.', { retryAfter: 1 })
    this.kind = kind
    this.cause = cause
  }
}

/** The code that a driver gave an error; an empty text for an error without one. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
