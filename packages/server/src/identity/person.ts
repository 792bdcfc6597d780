import { MAX_EMAIL_LENGTH, MAX_EXTERNAL_ID_LENGTH, MAX_NAME_LENGTH } from '@deskbell/protocol'
import * as z from 'zod'
import { VISITOR_ID_PREFIX } from './caller.ts'

/** Text that every database can keep: well-formed Unicode without NUL. */
function text(least: number, most: number) {
  return z
    .string({ error: ({ input }) => (input === undefined ? 'is required' : undefined) })
    .min(least)
    .max(most)
    .refine(isStorable, { error: 'must be well-formed Unicode without NUL' })
}

/** Whether every database can keep this text as it is. */
export function isStorable(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0')
}

const hostId = text(1, MAX_EXTERNAL_ID_LENGTH).refine((id) => !id.startsWith(VISITOR_ID_PREFIX), {
  error: `must not begin with "${VISITOR_ID_PREFIX}"`,
})
const email = text(3, MAX_EMAIL_LENGTH).regex(/^[^\s@]+@[^\s@]+$/, { error: 'must be an e-mail address' })
const name = text(0, MAX_NAME_LENGTH)

/** A BCP 47 tag, also as some hosts write it: `en_US`. Anything else is no reason to turn someone away. */
const locale = z
  .string()
  .max(35)
  .transform((tag) => tag.replaceAll('_', '-'))
  .pipe(z.string().regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/))
  .nullish()
  .catch(null)

/** What a visitor types about themselves: one plain address of the internet, which mail may be sent to as it is. */
export const visitorContact = z.strictObject({
  email: email.regex(/^[^<>()[\]\\,;:"]+@[^<>()[\]\\,;:".]+(\.[^<>()[\]\\,;:".]+)+$/, {
    error: 'must be an e-mail address',
  }),
  name: name.optional(),
})

/** What the host's `identify` callback returns for a person. */
export const hostPerson = z.object({
  id: hostId,
  email: email.nullish(),
  name: name.nullish(),
  locale,
  admin: z.boolean().optional(),
  traits: z.unknown().optional(),
})

/** The claims of a token that the host signs. Claims that Deskbell does not know are left alone. */
export const hostClaims = z.object({
  sub: hostId,
  exp: z.number(),
  email,
  name,
  locale,
  role: z.unknown().optional(),
  traits: z.unknown().optional(),
})

/** The first language of an Accept-Language header, if it names one. */
export function acceptedLocale(headers: Headers): string | null {
  const first = headers.get('accept-language')?.split(/[,;]/)[0]?.trim()
  return locale.parse(first) ?? null
}

/** The first complaint of a failed check, in words that name the field but never its value. */
export function complaint(error: z.ZodError): string {
  const issue = error.issues[0]
  if (issue === undefined) return 'is not valid'
  const path = issue.path.map(String).join('.')
  return path === '' ? issue.message : `${path}: ${issue.message}`
}
