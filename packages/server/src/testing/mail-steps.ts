/** The three transactions of a worker that sends a mail: as each begins, before its commit, after it. */
export const TRANSACTIONS = [
  ['before the lease', 'with the lease not committed', 'with the lease committed'],
  [null, 'with the judgement not committed', 'before the mail server is called'],
  ['after the final 250', 'with its settlement not committed', 'after it is settled'],
] as const

/** Where a worker sees itself get to. */
export type Reached = 'before it looks' | NonNullable<(typeof TRANSACTIONS)[number][number]>

/** How far a sender gets with a mail server. After `taken` comes the final 250. */
export const SMTP_STEPS = ['connect', 'auth', 'mail', 'rcpt', 'data', 'taken'] as const
export type SmtpStep = (typeof SMTP_STEPS)[number]

/** Everywhere a worker may die, in the order in which it gets there; the mail server sees the ones in between. */
export const STEPS = [
  'before it looks',
  'before the lease',
  'with the lease not committed',
  'with the lease committed',
  'with the judgement not committed',
  'before the mail server is called',
  ...SMTP_STEPS,
  'after the final 250',
  'with its settlement not committed',
  'after it is settled',
] as const
export type Step = (typeof STEPS)[number]

/** From when a mail server has the whole mail to when the desk has noted that: here no one can know, and it is sent again. */
export const IN_THE_WINDOW: ReadonlySet<Step> = new Set<Step>([
  'taken',
  'after the final 250',
  'with its settlement not committed',
])
