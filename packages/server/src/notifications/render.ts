import type { MailContent, RenderedMail, RenderMail } from './content.ts'
import { mailHtml } from './html.ts'
import { LANGUAGES, languageOf, type MailWords } from './words/words.ts'

/** The built-in mail. */
export const renderMail: RenderMail = (content): RenderedMail => {
  const language = languageOf(content.locale)
  const words = LANGUAGES[language]
  return {
    subject: words.subject(content.appName),
    text: mailText(content, words),
    html: mailHtml(content, words, language),
  }
}

function mailText(content: MailContent, words: MailWords): string {
  const { appName, messages, chatUrl, unsubscribeUrl } = content
  const said = messages.map(({ sender, name, preview }) => {
    const who = sender === 'user' ? words.you : (name ?? words.team(appName))
    return `${who}:\n${quoted(preview)}`
  })
  return [
    words.heading(content.unreadCount),
    words.intro(appName),
    ...said,
    `${words.open}: ${chatUrl}`,
    words.noReply,
    `-- \n${words.reason(appName)}\n${words.unsubscribe}: ${unsubscribeUrl}\n`,
  ].join('\n\n')
}

// Quoted, so that what is said cannot be taken for what the mail says.
function quoted(text: string): string {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `> ${line}`)
    .join('\n')
}
