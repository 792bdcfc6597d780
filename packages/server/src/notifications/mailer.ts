import type { NodemailerError } from 'nodemailer'
import { oneLine } from './address.ts'
import type { MailRoute } from './mail-url.ts'

interface Mailbox {
  name: string
  address: string
}

/** A mail, ready to go. */
export interface Mail {
  from: Mailbox
  to: Mailbox
  subject: string
  text: string
  html: string
  /** Without angle brackets, like `thread`. */
  id: string
  /** The mails of a chat name the same one here, so that a mail client shows them as one thread. */
  thread: string | null
  headers: Readonly<Record<string, string>>
  date: Date
}

/** What takes mails. */
export interface Mailer {
  /** Resolves when the mail is taken. Throws MailFailure. */
  send(mail: Mail): Promise<void>
}

/**
 * What a failure means: `refused` is for good, `refused_address` would be for any mail to this address, and
 * `later` may go well another time.
 */
export type FailureKind = 'refused' | 'refused_address' | 'later'

/** A mail that was not taken; the message is what the server or the network said. */
export class MailFailure extends Error {
  override readonly name = 'MailFailure'
  readonly kind: FailureKind
  override readonly cause: NodemailerError

  constructor(cause: NodemailerError) {
    // What a server says to STARTTLS says little by itself.
    super(oneLine(cause.code === 'ETLS' ? cause.message : (cause.response ?? cause.message), 500))
    this.kind = kindOf(cause)
    this.cause = cause
  }
}

/** Nobody waits longer for a mail server, and no lease is shorter. */
export const SEND_MS = 60_000
const SILENCE_MS = 30_000

/** Sends by SMTP, with one connection for each mail: they are few, and a connection that is kept breaks unseen. */
export function smtpMailer(route: MailRoute): Mailer {
  return {
    async send(mail) {
      // Loaded when it is first needed: a desk is ready sooner without it.
      const { createTransport } = await import('nodemailer')
      const transport = createTransport({
        ...route,
        connectionTimeout: SILENCE_MS,
        greetingTimeout: SILENCE_MS,
        socketTimeout: SILENCE_MS,
        // Content is text and nothing else: what looks like a path or an address is never read.
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      try {
        await transport.sendMail({ ...smtpMail(mail), signal: AbortSignal.timeout(SEND_MS) })
      } catch (error) {
        throw new MailFailure(error as NodemailerError) // nothing else is thrown by it
      }
    },
  }
}

function smtpMail({ from, to, subject, text, html, id, thread, headers, date }: Mail) {
  const references = thread === null ? {} : { inReplyTo: `<${thread}>`, references: `<${thread}>` }
  return {
    from,
    to,
    envelope: { from: from.address, to: to.address },
    subject,
    text,
    html,
    messageId: `<${id}>`,
    ...references,
    headers,
    date,
  }
}

/** Mail servers answer 5xx for good; but only what they say of this mail counts so, not what they say of the desk. */
function kindOf({ permanent, command, responseCode, response = '', code }: NodemailerError): FailureKind {
  if (code === 'EENVELOPE' && responseCode === undefined) return 'refused_address'
  if (permanent !== true) return 'later'
  // RFC 3463: x.7.z is a rule of the server's, x.1.z is about the address.
  const [, subject] = /\b5\.(\d{1,3})\.\d{1,3}\b/.exec(response) ?? []
  if (command === 'RCPT TO') return subject === '7' ? 'refused' : 'refused_address'
  if (command === 'DATA') return subject === '1' ? 'refused_address' : 'refused'
  return 'later'
}
