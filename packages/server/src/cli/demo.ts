import { timingSafeEqual } from 'node:crypto'
import { DeskbellError } from '@deskbell/protocol'
import type { Desk } from '../desk.ts'
import type { HttpContext } from '../http/route.ts'
import type { Admins } from '../identity/admins.ts'
import { signHostToken } from '../identity/host-token.ts'
import { derivedSecret } from '../identity/keys.ts'
import { MAILBOX_STYLE, mailboxPage } from './mailbox-page.ts'
import { shopPage } from './shop-page.ts'
import { SHOP_STYLE } from './shop-style.ts'

const ADMIN = { email: 'sam@fern-and-fold.example', name: 'Sam' }
const USERS = new Map([
  ['alice', { sub: 'alice', email: 'alice@example.com', name: 'Alice' }],
  ['bob', { sub: 'bob', email: 'bob@example.com', name: 'Bob' }],
])
const TOKEN_MS = 12 * 3_600_000

/** A desk with a host app around it that shows what Deskbell does. */
export interface Demo {
  fetch(request: Request, context?: HttpContext): Promise<Response>
  /** Opens the dashboard for whoever can read the terminal. */
  readonly signInPath: string
  /** Makes the demo's admin. */
  prepare(): Promise<unknown>
}

export function createDemo(desk: Desk, secret: string): Demo {
  const key = derivedSecret(secret, 'demo-link')
  let preparing: Promise<Admins> | undefined
  const credentials = { email: ADMIN.email, password: derivedSecret(secret, 'demo-password') }

  return {
    signInPath: `/demo/sign-in?key=${key}`,

    async fetch(request, context) {
      const url = new URL(request.url)
      switch (request.method === 'GET' ? url.pathname : null) {
        case '/':
          return await shop(url.searchParams, request)
        case '/demo/shop.css':
          return css(SHOP_STYLE)
        case '/demo/mailbox.css':
          return css(MAILBOX_STYLE)
        case '/demo/mailbox':
          return mailbox()
        case '/demo/mailbox/html':
          return htmlPart(Number(url.searchParams.get('mail')))
        case '/demo/sign-in':
          return await signIn(url.searchParams.get('key') ?? '')
        default:
          return await desk.fetch(request, context)
      }
    },

    prepare: prepared,
  }

  function prepared(): Promise<Admins> {
    preparing ??= accounts().then(async (admins) => {
      if (!(await admins.exists(ADMIN.email))) await admins.create({ ...credentials, name: ADMIN.name })
      return admins
    })
    return preparing
  }

  async function shop(query: URLSearchParams, request: Request): Promise<Response> {
    const user = USERS.get(query.get('as') ?? 'alice')
    const token = user === undefined ? null : await signHostToken(secret, user, Date.now() + TOKEN_MS)
    const host = request.headers.get('host') ?? ''
    return new Response(shopPage({ user: user ?? null, token }), {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': shopPolicy(/^[\w.:[\]-]+$/.test(host) ? host : 'localhost'),
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      },
    })
  }

  function mailbox(): Response {
    return new Response(mailboxPage(desk.mailbox?.mails ?? []), {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy':
          "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      },
    })
  }

  /** Counted from the oldest that is kept. */
  function htmlPart(number: number): Response {
    const mail = desk.mailbox?.mails.at(-number)
    if (mail === undefined || number < 1) return new Response('There is no such e-mail.', { status: 404 })
    return new Response(mail.html, {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox",
        'x-content-type-options': 'nosniff',
      },
    })
  }

  async function signIn(given: string): Promise<Response> {
    if (!isSame(given, key)) return new Response('This link is not valid.', { status: 403 })
    const admins = await prepared()
    const source = { address: null, userAgent: null }
    const { cookies } = await admins.signIn(credentials, source).catch(async (error: unknown) => {
      if (!(error instanceof DeskbellError) || error.code !== 'unauthenticated') throw error
      // The secret has changed since the account was made, and its password with it.
      await renew(admins)
      return await admins.signIn(credentials, source)
    })
    const headers = new Headers({ location: '/admin/chats', 'cache-control': 'no-store' })
    for (const cookie of cookies) headers.append('set-cookie', cookie)
    return new Response(null, { status: 302, headers })
  }

  async function renew(admins: Admins): Promise<void> {
    if (await admins.exists(ADMIN.email)) await admins.deactivate(ADMIN.email)
    await admins.create({ ...credentials, name: ADMIN.name })
  }

  function accounts(): Promise<Admins> {
    return desk.admins ?? Promise.reject(new Error('The demo needs the dashboard'))
  }
}

function css(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'text/css; charset=utf-8' } })
}

/** The page of the shop on which a demo user has their chat. */
export function demoPage(url: string, { id }: { id: string }): string {
  return `${url}/?as=${USERS.has(id) ? id : 'visitor'}`
}

/** What a careful shop would allow; the widget has to live with it. */
function shopPolicy(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ws://${host} wss://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
