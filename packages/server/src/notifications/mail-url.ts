import { sesPassword } from './ses-password.ts'

/** Where mails go and how. */
export interface MailRoute {
  host: string
  port: number
  /** TLS from the first byte, instead of STARTTLS. */
  secure: boolean
  requireTLS: boolean
  ignoreTLS: boolean
  auth?: { user: string; pass: string }
  tls?: { rejectUnauthorized: boolean }
}

/** The demo's: mails are kept and shown instead of sent. */
export const MAILBOX_URL = 'mailbox:'
export const MAIL_URL_FORMS =
  'smtp://…, smtps://…, postmark://TOKEN, sendgrid://KEY, resend://KEY, ses://KEY:SECRET@region or mailbox:'

/**
 * The route that a `MAIL_URL` names; `mailbox` for the demo's, null for what names none.
 *
 * @example
 * mailRoute('smtp://user:password@mail.example.com:587')
 */
export function mailRoute(url: string): MailRoute | 'mailbox' | null {
  if (url === MAILBOX_URL) return 'mailbox'
  const scheme = /^([a-z]+):\/\//.exec(url)?.[1]
  const rest = url.slice(url.indexOf('://') + 3)
  switch (scheme) {
    case 'smtp':
    case 'smtps':
      return smtpRoute(url)
    case 'postmark':
      return keyRoute('smtp.postmarkapp.com', 587, rest, rest)
    case 'sendgrid':
      return keyRoute('smtp.sendgrid.net', 587, 'apikey', rest)
    case 'resend':
      return keyRoute('smtp.resend.com', 465, 'resend', rest)
    case 'ses':
      return sesRoute(rest)
    default:
      return null
  }
}

function keyRoute(host: string, port: number, user: string, pass: string): MailRoute | null {
  if (!/^[\x21-\x7e]+$/.test(pass)) return null
  const secure = port === 465
  return { host, port, secure, requireTLS: !secure, ignoreTLS: false, auth: { user, pass } }
}

// Amazon's secrets have slashes, which an address would not take there.
function sesRoute(rest: string): MailRoute | null {
  const [, key, secret, region] = /^([A-Z0-9]+):(\S+)@([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(rest) ?? []
  if (key === undefined || secret === undefined || region === undefined) return null
  const password = sesPassword(secret.includes('%') ? decodeURIComponent(secret) : secret, region)
  return keyRoute(`email-smtp.${region}.amazonaws.com`, 587, key, password)
}

const TLS_MODES = ['auto', 'required', 'off']

function smtpRoute(text: string): MailRoute | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const tls = url.searchParams.get('tls') ?? 'auto'
  const isKnown = [...url.searchParams.keys()].every((name) => name === 'tls') && TLS_MODES.includes(tls)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!isKnown || host === '' || !/^\/?$/.test(url.pathname)) return null
  const secure = url.protocol === 'smtps:'
  const user = decodeURIComponent(url.username)
  const pass = decodeURIComponent(url.password)
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host)
  return {
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    // A password is not shouted across a network.
    requireTLS: !secure && (tls === 'required' || (tls === 'auto' && user !== '' && !isLocal)),
    ignoreTLS: tls === 'off',
    ...(user === '' ? {} : { auth: { user, pass } }),
    // On the way to this very machine nobody can stand in between, and its certificate is mostly a made-up one.
    ...(isLocal ? { tls: { rejectUnauthorized: false } } : {}),
  }
}
