/** One message as a mail shows it. */
export interface MailMessage {
  sender: 'user' | 'admin'
  /** The name under which it was sent, in one line. */
  name: string | null
  /** At most 200 characters of it. */
  preview: string
}

/** All that a mail about unread replies is made of. Nothing in it is escaped. */
export interface MailContent {
  appName: string
  /** A colour such as `#3b55e6`. */
  accent: string
  /** The user's language as a BCP 47 tag; null where it is not known. */
  locale: string | null
  to: { id: string; name: string | null; email: string }
  unreadCount: number
  /** The last messages of the chat, ascending; at most three. */
  messages: readonly MailMessage[]
  /** Opens the host's page with the chat. */
  chatUrl: string
  /** Asks whether to unsubscribe. */
  unsubscribeUrl: string
}

/** What a mail says. */
export interface RenderedMail {
  subject: string
  text: string
  html: string
}

/**
 * Makes a mail. A host's own takes the place of the built-in one, and has to escape what it puts into HTML.
 *
 * @example
 * const render: RenderMail = ({ appName, chatUrl }) => ({
 *   subject: `${appName} has answered`,
 *   text: `Read it here: ${chatUrl}`,
 *   html: `<p><a href="${escape(chatUrl)}">Read it here</a></p>`,
 * })
 */
export type RenderMail = (content: MailContent) => RenderedMail
