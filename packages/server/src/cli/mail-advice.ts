import type { NodemailerError } from 'nodemailer'
import type { MailRoute } from '../notifications/mail-url.ts'

/** What an operator can do about a mail that was not taken. */
export function advice(error: NodemailerError, { host, port, auth }: MailRoute, from: string): string {
  const server = `${host}:${port}`
  const { code = '', command = '', responseCode = 0 } = error
  const cause = error.originalCode ?? code
  if (code === 'EAUTH' || code === 'ENOAUTH') {
    return auth === undefined
      ? `${server} wants a user name and a password: put them into MAIL_URL, as in smtp://user:password@${host}.`
      : `${server} does not accept the user name "${auth.user}" with this password. Check both in MAIL_URL; characters such as @ : / have to be percent-encoded there.`
  }
  if (cause === 'ENOTFOUND' || cause === 'EAI_AGAIN' || code === 'EDNS') {
    return `There is no server called "${host}", or the DNS cannot be asked. Check the host in MAIL_URL.`
  }
  if (cause === 'ECONNREFUSED') {
    return `Nothing listens at ${server}. Check host and port in MAIL_URL: 587 is usual for smtp://, 465 for smtps://.`
  }
  if (code === 'ETIMEDOUT' || cause === 'ETIMEDOUT') {
    return `${server} does not answer. Many hosting providers block port 25: use 587, and see whether a firewall is in between.`
  }
  if (isCertificate(cause, error.message)) {
    return `The certificate of ${host} cannot be trusted (${error.message}). Use the name that stands in the certificate, and a certificate of a known authority.`
  }
  if (code === 'ETLS' || /ssl|tls|wrong version/i.test(error.message)) {
    return `No encrypted connection to ${server} could be made. Port 465 wants smtps://, port 587 smtp://; a server without TLS needs ?tls=off at the end of MAIL_URL.`
  }
  if (command === 'MAIL FROM') {
    return `${host} does not let you send as ${from}. Verify this address or its domain there, or change MAIL_FROM.`
  }
  if (responseCode >= 500) return `${host} refuses the recipient or the e-mail for good.`
  if (responseCode >= 400)
    return `${host} cannot take it now, and asks to try again later. A desk would do so.`
  return `The connection to ${server} broke off.`
}

function isCertificate(cause: string, message: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(cause) || /certificate|altnames/i.test(message)
}
