import type { Looks } from '../delivery/looks.ts'
import type { Engine } from '../engine.ts'
import type { Settings } from '../settings.ts'
import { composer } from './compose.ts'
import type { RenderMail } from './content.ts'
import { mailRoute } from './mail-url.ts'
import { KeptMails } from './mailbox.ts'
import { smtpMailer } from './mailer.ts'
import { Postman } from './postman.ts'
import { type UnsubscribeKeys, unsubscribeKeys } from './unsubscribe.ts'

/** Everything of a desk that sends e-mail. */
export interface PostOffice {
  postman: Postman
  unsubscribeKeys: UnsubscribeKeys
  /** Where mails are kept instead of sent. */
  mailbox: KeptMails | null
}

interface Surroundings {
  render: RenderMail | null
  appUrl: ((user: { id: string; email: string }) => string) | null
  /** Where the desk itself can be reached. */
  ownUrl: () => string
  basePath: string
}

/** Opens the post office that the settings ask for; null where no e-mail is sent. */
export function openPostOffice(
  engine: Engine & { looks: Looks },
  settings: Settings,
  { render, appUrl, ownUrl, basePath }: Surroundings,
): PostOffice | null {
  const route = settings.mailUrl === undefined ? null : mailRoute(settings.mailUrl)
  if (route === null || settings.secret === undefined) return null
  const keys = unsubscribeKeys(settings.secret)
  const mailer = route === 'mailbox' ? new KeptMails() : smtpMailer(route)
  const page = () => settings.appUrl ?? settings.allowedOrigins[0] ?? ownUrl()
  const compose = composer({
    appName: settings.appName,
    accent: settings.accent,
    from: settings.mailFrom ?? 'support@localhost',
    render,
    chatUrl: (user) => opened(appUrl?.(user) ?? page()),
    unsubscribeUrl: (userId) => `${ownUrl()}${basePath}/unsubscribe?key=${keys.keyOf(userId)}`,
    clock: engine.clock,
    log: engine.log,
  })
  const isLooking = (chatId: string) => engine.looks.isLooking(chatId)
  return {
    postman: new Postman(engine, { mailer, compose, isLooking }),
    unsubscribeKeys: keys,
    mailbox: mailer instanceof KeptMails ? mailer : null,
  }
}

/** The page's address with the word that the widget opens at. */
function opened(page: string): string {
  const url = new URL(page)
  url.searchParams.set('deskbell', 'open')
  return url.href
}
