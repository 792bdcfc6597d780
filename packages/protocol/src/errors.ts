/** Every error that Deskbell reports, with its HTTP status and whether the same attempt may succeed later. */
export const ERROR_CODES = {
  unauthenticated: { status: 401, retry: false },
  forbidden: { status: 403, retry: false },
  not_found: { status: 404, retry: false },
  invalid: { status: 422, retry: false },
  conflict: { status: 409, retry: false },
  too_large: { status: 413, retry: false },
  rate_limited: { status: 429, retry: true },
  unavailable: { status: 503, retry: true },
} as const satisfies Record<string, { status: number; retry: boolean }>

/** A name of the closed table above. */
export type ErrorCode = keyof typeof ERROR_CODES

/** RFC 9457 problem details, as every failing call answers. */
export interface Problem {
  type: string
  title: string
  status: number
  code: ErrorCode
  detail: string
  /** Seconds to wait before trying again. */
  retry_after?: number
}

/** The one error that Deskbell throws on purpose. Retry follows the code, never the text. */
export class DeskbellError extends Error {
  override readonly name = 'DeskbellError'
  readonly code: ErrorCode
  /** Seconds to wait before trying again, where that is known. */
  readonly retryAfter: number | undefined
  /** 400 instead of 422 for input that could not even be parsed. */
  readonly status: number

  constructor(code: ErrorCode, detail: string, options: { retryAfter?: number; status?: number } = {}) {
    super(detail)
    this.code = code
    this.retryAfter = options.retryAfter
    this.status = options.status ?? ERROR_CODES[code].status
  }

  /** The error itself, or for anything that was not thrown on purpose a plain `unavailable` without detail. */
  static from(error: unknown): DeskbellError {
    return error instanceof DeskbellError
      ? error
      : new DeskbellError('unavailable', 'Please try again.', { retryAfter: 1 })
  }
}

/** Whether an outside name is one of the table's codes. */
export function isErrorCode(name: unknown): name is ErrorCode {
  return typeof name === 'string' && Object.hasOwn(ERROR_CODES, name)
}
