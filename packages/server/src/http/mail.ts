import { createHash } from 'node:crypto'
import { DeskbellError } from '@deskbell/protocol'
import * as z from 'zod'
import { findOwn, notFound } from '../chats/chat.ts'
import type { Core } from '../core.ts'
import { escapeHtml } from '../notifications/escape.ts'
import {
  resubscribe,
  subscriptionOf,
  type UnsubscribeKeys,
  unsubscribe,
} from '../notifications/unsubscribe.ts'
import { LANGUAGES, languageOf } from '../notifications/words/words.ts'
import { noContent, type Route, route } from './route.ts'

/** How users say whether they want e-mails about replies. */
export function mailPreferenceRoutes(core: Core): Route[] {
  return [
    route({
      method: 'patch',
      path: '/support_chat/notifications',
      access: 'person',
      summary: 'Whether the caller is e-mailed about replies that stay unread',
      body: z.strictObject({ email: z.boolean() }),
      answers: { 204: { description: 'It is kept' } },
      async handle({ caller, body: { email } }) {
        const chat = await findOwn(core.store, caller.id)
        if (chat === undefined) throw notFound()
        await (email ? resubscribe : unsubscribe)(core, chat.user_id)
        return noContent()
      },
    }),
  ]
}

const PAGE = { 200: { description: 'A page for people', contentType: 'text/html' } }
const keyQuery = z.strictObject({ key: z.string().max(200) })

/** Where the unsubscribe links of mails lead (RFC 8058): looking asks, posting acts, without any sign-in. */
export function unsubscribeRoutes(core: Core, keys: UnsubscribeKeys, appName: string): Route[] {
  const whose = async (key: string) => {
    const userId = keys.userOf(key)
    const subscription = userId === null ? null : await subscriptionOf(core, userId)
    if (userId === null || subscription === null) {
      throw new DeskbellError('not_found', 'This link does not lead anywhere any more.')
    }
    return { userId, words: LANGUAGES[languageOf(subscription.locale)], ...subscription }
  }
  return [
    route({
      method: 'get',
      path: '/unsubscribe',
      access: 'anyone',
      summary: 'Asks whether to stop e-mails about replies; changes nothing, as scanners follow links',
      query: keyQuery,
      answers: PAGE,
      async handle({ query: { key } }) {
        const { words, locale } = await whose(key)
        const button = { label: words.unsubscribe, name: 'List-Unsubscribe', value: 'One-Click' }
        return page({ locale, title: words.stopTitle, note: words.stopQuestion(appName), button })
      },
    }),

    route({
      method: 'post',
      path: '/unsubscribe',
      access: 'anyone',
      summary: 'Stops e-mails about replies, or with again=1 starts them again',
      query: keyQuery,
      answers: PAGE,
      async handle({ query: { key }, request }) {
        const { userId, words, locale } = await whose(key)
        if (await wantsThemAgain(request)) {
          await resubscribe(core, userId)
          return page({ locale, title: words.restarted, note: words.restartedNote(appName), button: null })
        }
        await unsubscribe(core, userId)
        const button = { label: words.restart, name: 'again', value: '1' }
        return page({ locale, title: words.stopped, note: words.stoppedNote(appName), button })
      },
    }),
  ]
}

/** The longest body that is of interest: RFC 8058 has one field, and so have our forms. */
const FORM_BYTES = 1_000

async function wantsThemAgain(request: Request): Promise<boolean> {
  let form = ''
  for await (const chunk of request.body ?? []) {
    form += Buffer.from(chunk).toString('latin1')
    if (form.length > FORM_BYTES) return false
  }
  return new URLSearchParams(form).get('again') === '1'
}

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; background: #f3f4f7; color: #171a21;
  font: 16px/24px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { box-sizing: border-box; width: min(440px, 100% - 32px); margin: 32px 0; padding: 32px; background: #fff;
  border: 1px solid #e1e4ea; border-radius: 14px; }
h1 { margin: 0 0 8px; font-size: 21px; line-height: 28px; }
p { margin: 0; color: #5b6270; }
form { margin-top: 24px; }
button { min-height: 44px; padding: 0 24px; border: 0; border-radius: 10px; background: #171a21; color: #fff;
  font: inherit; font-weight: 600; cursor: pointer; }
button:focus-visible { outline: 2px solid #3b55e6; outline-offset: 3px; }
@media (prefers-color-scheme: dark) {
  body { background: #121419; color: #eef0f4; } main { background: #1c1f26; border-color: #343945; }
  p { color: #aab1be; } button { background: #eef0f4; color: #12141a; }
}`

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

interface PageParts {
  locale: string | null
  title: string
  note: string
  button: { label: string; name: string; value: string } | null
}

function page({ locale, title, note, button }: PageParts): Response {
  const language = languageOf(locale)
  // Without an action, a form goes to where its page came from.
  const form =
    button === null
      ? ''
      : `<form method="post"><button name="${button.name}" value="${button.value}">${escapeHtml(button.label)}</button></form>`
  const html = `<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(note)}</p>${form}</main></body>
</html>
`
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
    },
  })
}
