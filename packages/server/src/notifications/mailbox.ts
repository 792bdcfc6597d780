import type { Mail, Mailer } from './mailer.ts'

/** Mails that are kept; the oldest go. */
const KEPT = 100

/** The demo's mail server: it keeps mails instead of sending them, newest first. */
export class KeptMails implements Mailer {
  readonly mails: Mail[] = []

  async send(mail: Mail): Promise<void> {
    this.mails.unshift(mail)
    this.mails.length = Math.min(this.mails.length, KEPT)
  }
}
