import { DeskbellError, MAX_PAGE_SIZE, PAGE_SIZE } from '@deskbell/protocol'
import * as z from 'zod'
import type { Core } from '../core.ts'
import type { Timestamp } from '../store/schema.ts'

/** A whole number in a query, where everything is text. */
function numeric(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.int().min(least).max(most))
    .meta({ type: 'integer', minimum: least, maximum: most, pattern: undefined })
}

const seqParam = numeric(0, Number.MAX_SAFE_INTEGER)
export const limitParam = numeric(1, MAX_PAGE_SIZE).default(PAGE_SIZE)

/** Any ISO 8601 time, with up to nine decimals, as the store writes times. */
const timeParam = z.iso
  .datetime({ offset: true })
  .transform(toTimestamp)
  .meta({ type: 'string', format: 'date-time' })

/** Where a page of messages begins: one of the three, or none for the newest. */
export const messagesQuery = z
  .strictObject({
    after: seqParam.optional(),
    before: seqParam.optional(),
    since: timeParam.optional(),
    limit: limitParam,
  })
  .refine(({ after, before, since }) => [after, before, since].filter((x) => x !== undefined).length <= 1, {
    error: 'after, before and since exclude each other',
  })

/** What was seen, and by the `deskbell-epoch` of which answers: seqs of another one are of other messages. */
export const markBody = z.strictObject({
  through: z.int().min(0).optional(),
  epoch: z.string().max(100).optional(),
})

/** Throws `conflict` for a mark that was made before a backup was put back. */
export function refuseOtherEpoch(core: Pick<Core, 'epoch'>, { epoch }: z.infer<typeof markBody>): void {
  if (epoch === undefined || epoch === core.epoch()) return
  throw new DeskbellError('conflict', 'The mark is of messages that were others: a backup was put back.')
}

export const draftBody = z.strictObject({ content: z.string(), client_id: z.string().nullish() })

/** An event stream may resume after a seq; its clients cannot set headers, so a token may stand here. */
export const eventsQuery = z.strictObject({ after: seqParam.optional(), token: z.string().optional() })

function toTimestamp(iso: string): Timestamp {
  const decimals = /\.(\d+)/.exec(iso)?.[1] ?? ''
  const seconds = new Date(iso.replace(/\.\d+/, '')).toISOString().slice(0, 19)
  return `${seconds}.${decimals.slice(0, 6).padEnd(6, '0')}Z`
}
