import type { Logger } from 'pino'
import type { Clock } from '../engine.ts'
import { oneLine } from './address.ts'
import type { MailContent, RenderedMail, RenderMail } from './content.ts'
import type { Letter } from './judge.ts'
import type { Mail } from './mailer.ts'
import { renderMail } from './render.ts'
import { LANGUAGES, languageOf } from './words/words.ts'

const PREVIEW_LENGTH = 200
const NAME_LENGTH = 100

export interface ComposeParts {
  appName: string
  accent: string
  /** The address that mails come from. */
  from: string
  /** The host's own look; null for the built-in one. */
  render: RenderMail | null
  /** Where a user finds the chat. */
  chatUrl: (user: { id: string; email: string }) => string
  unsubscribeUrl: (userId: string) => string
  clock: Clock
  log: Logger
}

/** Makes mails of letters. */
export function composer(parts: ComposeParts): (letter: Letter) => Mail {
  const domain = parts.from.slice(parts.from.lastIndexOf('@') + 1)
  return (letter) => {
    const { chat, address, fromSeq, throughSeq, locale } = letter
    const unsubscribeUrl = parts.unsubscribeUrl(chat.user_id)
    const content = contentOf(parts, letter, unsubscribeUrl)
    const words = LANGUAGES[languageOf(locale)]
    return {
      ...rendered(parts, content),
      from: { name: words.team(parts.appName), address: parts.from },
      to: { name: content.to.name ?? '', address },
      // The same replies make the same id: a mail that has to be repeated can be told from a new one.
      id: `${chat.id}.${fromSeq}-${throughSeq}@${domain}`,
      thread: `${chat.id}@${domain}`,
      headers: {
        'List-Unsubscribe': `<${unsubscribeUrl}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        'Auto-Submitted': 'auto-generated',
        'X-Auto-Response-Suppress': 'All',
      },
      date: new Date(parts.clock.now()),
    }
  }
}

function contentOf(parts: ComposeParts, letter: Letter, unsubscribeUrl: string): MailContent {
  const { chat, address, locale, unreadCount, messages } = letter
  const line = (name: string | null) => oneLine(name ?? '', NAME_LENGTH) || null
  return {
    appName: parts.appName,
    accent: parts.accent,
    locale,
    to: { id: chat.external_id, name: line(chat.user_name), email: address },
    unreadCount,
    messages: messages.map(({ sender_type, sender_name, content }) => ({
      sender: sender_type,
      name: line(sender_name),
      preview: cut(content),
    })),
    chatUrl: parts.chatUrl({ id: chat.external_id, email: address }),
    unsubscribeUrl,
  }
}

/** What the host makes of it; a host that fails must not keep the mail from being sent. */
function rendered({ render, log }: ComposeParts, content: MailContent): RenderedMail {
  if (render === null) return renderMail(content)
  try {
    const { subject, text, html } = render(content)
    // Texts and nothing else: a mail library takes some objects for files to attach.
    if ([subject, text, html].some((part) => typeof part !== 'string')) {
      throw new TypeError('mail.render must return subject, text and html as strings')
    }
    return { subject: oneLine(subject, 200), text, html }
  } catch (error) {
    log.error({ err: error }, 'mail.render failed; the built-in mail is sent')
    return renderMail(content)
  }
}

function cut(content: string): string {
  if (content.length <= PREVIEW_LENGTH) return content
  const characters = Array.from(content)
  return characters.length <= PREVIEW_LENGTH
    ? content
    : `${characters
        .slice(0, PREVIEW_LENGTH - 1)
        .join('')
        .trimEnd()}…`
}
